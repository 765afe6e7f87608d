-- Grain: one row per breakdown, member and method: how far its forecasts of past weeks held.
with weekly as (

    select * from {{ ref('int_revenue__weekly') }}

),

forecasts as (

    select * from {{ ref('int_revenue__forecast') }}

),

methods as (

    select distinct
        breakdown,
        member,
        method
    from forecasts

),

-- a week without an order has no row, and is a week of nothing
compared as (

    select
        forecasts.*,
        coalesce(weekly.revenue_usd, 0) as revenue_usd
    from forecasts
    left join weekly
        on
            forecasts.breakdown = weekly.breakdown
            and forecasts.member = weekly.member
            and forecasts.week_date = weekly.week_date
    where forecasts.weeks_held_out > 0

),

judged as (

    select
        breakdown,
        member,
        method,
        count(*) as held_out_week_count,
        sum(abs(forecast_usd - revenue_usd)) / nullif(sum(abs(revenue_usd)), 0) as error_share,
        sum(forecast_usd - revenue_usd) / nullif(sum(abs(revenue_usd)), 0) as bias_share,
    {%- for level in [80, 95] %}
        avg(
            case
                when revenue_usd between lower_{{ level }}_usd and upper_{{ level }}_usd then 1.0
                else 0.0
            end
        ) as within_{{ level }}_share,
        -- how many times as wide the interval had to be to hold as often as it says; where there is
        -- none, or none on the side the week lay, no widening would have made it hold
        quantile_cont(
            case
                when
                    revenue_usd = forecast_usd
                    and lower_{{ level }}_usd <= upper_{{ level }}_usd
                    then 0
                when revenue_usd > forecast_usd and upper_{{ level }}_usd > forecast_usd
                    then
                        (revenue_usd - forecast_usd) / (upper_{{ level }}_usd - forecast_usd)
                when revenue_usd < forecast_usd and lower_{{ level }}_usd < forecast_usd
                    then
                        (forecast_usd - revenue_usd) / (forecast_usd - lower_{{ level }}_usd)
                else cast('infinity' as double)
            end,
            0.{{ level }}
        ) as needed_{{ level }}_width{{ "," if not loop.last }}
    {%- endfor %}
    from compared
    group by breakdown, member, method

),

final as (

    select
        methods.breakdown || ':' || methods.member || ':' || methods.method
            as forecast_quality_id,
        methods.breakdown,
        methods.member,
        methods.method,
        row_number() over (
            partition by methods.breakdown, methods.member
            order by
                round(judged.error_share, 9) asc nulls last,
                -- without a past to judge by, the one that follows the level and no trend
                case methods.method when 'smoothing' then 1 when 'theta' then 2 else 3 end asc
        ) = 1 as is_chosen,
        coalesce(judged.held_out_week_count, 0) as held_out_week_count,
        cast(round(judged.error_share, 4) as decimal(18, 4)) as error_share,
        cast(round(judged.bias_share, 4) as decimal(18, 4)) as bias_share,
    {%- for level in [80, 95] %}
        cast(round(judged.within_{{ level }}_share, 4) as decimal(9, 4))
            as within_{{ level }}_share,
        cast(
            case
                when judged.held_out_week_count is null then 1
                when judged.needed_{{ level }}_width < cast('infinity' as double)
                    then round(greatest(judged.needed_{{ level }}_width, 1), 4)
            end as decimal(18, 4)
        ) as widened_{{ level }}_times{{ "," if not loop.last }}
    {%- endfor %}
    from methods
    left join judged
        on
            methods.breakdown = judged.breakdown
            and methods.member = judged.member
            and methods.method = judged.method

)

select * from final
order by forecast_quality_id asc

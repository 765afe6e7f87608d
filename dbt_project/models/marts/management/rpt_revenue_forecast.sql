-- Grain: one row per breakdown (all, channel), member and week: what was sold, what is expected.
{%- set figures = ['forecast', 'lower_80', 'upper_80', 'lower_95', 'upper_95'] %}
with weekly as (

    select * from {{ ref('int_revenue__weekly') }}

),

forecasts as (

    select * from {{ ref('int_revenue__forecast') }}
    where weeks_held_out = 0

),

quality as (

    select * from {{ ref('rpt_forecast_quality') }}
    where is_chosen

),

-- one without width says that nothing can happen, and is none
judged as (

    select
        forecasts.*,
    {%- for level in [80, 95] %}
        case
            when
                forecasts.lower_{{ level }}_usd < forecasts.upper_{{ level }}_usd
                and forecasts.forecast_usd between forecasts.lower_{{ level }}_usd
                and forecasts.upper_{{ level }}_usd
                then quality.widened_{{ level }}_times
        end as times_{{ level }}{{ "," if not loop.last }}
    {%- endfor %}
    from forecasts
    inner join quality
        on
            forecasts.breakdown = quality.breakdown
            and forecasts.member = quality.member
            and forecasts.method = quality.method

),

-- intervals as wide as they had to be to hold on past weeks; none reaches below nought if none did
widened as (

    select
        breakdown,
        member,
        week_date,
        method as forecast_method,
        forecast_usd,
    {%- for level in [80, 95] %}
        {%- set below = "times_%s * (forecast_usd - lower_%s_usd)" | format(level, level) %}
        case
            when times_{{ level }} is null or lower_{{ level }}_usd < 0
                then forecast_usd - {{ below }}
            else greatest(forecast_usd - {{ below }}, 0)
        end as lower_{{ level }}_usd,
        forecast_usd + times_{{ level }} * (upper_{{ level }}_usd - forecast_usd)
            as upper_{{ level }}_usd{{ "," if not loop.last }}
    {%- endfor %}
    from judged

),

rows_of_both as (

    select
        breakdown,
        member,
        week_date,
        revenue_usd,
        null as forecast_method,
    {%- for figure in figures %}
        null as {{ figure }}_usd{{ "," if not loop.last }}
    {%- endfor %}
    from weekly

    union all

    select
        breakdown,
        member,
        cast(week_date as date) as week_date,
        null as revenue_usd,
        forecast_method,
        forecast_usd,
        lower_80_usd,
        upper_80_usd,
        -- what holds 95 times in 100 holds at least what holds 80 times
        lower_95_usd - greatest(lower_95_usd - lower_80_usd, 0) as lower_95_usd,
        upper_95_usd + greatest(upper_80_usd - upper_95_usd, 0) as upper_95_usd
    from widened

),

final as (

    select
        breakdown || ':' || member || ':' || cast(week_date as {{ dbt.type_string() }})
            as forecast_id,
        breakdown,
        member,
        week_date,
        forecast_method is not null as is_forecast,
        cast(revenue_usd as decimal(18, 2)) as revenue_usd,
        {%- for figure in figures %}
            cast(round({{ figure }}_usd, 2) as decimal(18, 2)) as {{ figure }}_usd,
        {%- endfor %}
        forecast_method
    from rows_of_both

)

select * from final
order by forecast_id asc

-- Grain: one row per breakdown (all, channel), member and week: what was sold, what is expected.
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

-- intervals as wide as they had to be to hold on past weeks; none reaches below nought if none did
foretold as (

    select
        forecasts.breakdown,
        forecasts.member,
        forecasts.week_date,
        forecasts.method as forecast_method,
        forecasts.forecast_usd,
    {%- for level in [80, 95] %}
        case
            when forecasts.lower_{{ level }}_usd >= 0
                then greatest(
                    forecasts.forecast_usd
                    - quality.widened_{{ level }}_times
                    * (forecasts.forecast_usd - forecasts.lower_{{ level }}_usd),
                    0
                    )
            else
                forecasts.forecast_usd
                - quality.widened_{{ level }}_times
                * (forecasts.forecast_usd - forecasts.lower_{{ level }}_usd)
        end as lower_{{ level }}_usd,
        forecasts.forecast_usd
        + quality.widened_{{ level }}_times
        * (forecasts.upper_{{ level }}_usd - forecasts.forecast_usd)
            as upper_{{ level }}_usd{{ "," if not loop.last }}
    {%- endfor %}
    from forecasts
    inner join quality
        on
            forecasts.breakdown = quality.breakdown
            and forecasts.member = quality.member
            and forecasts.method = quality.method

),

rows_of_both as (

    select
        breakdown,
        member,
        week_date,
        revenue_usd,
        null as forecast_method,
        null as forecast_usd,
        null as lower_80_usd,
        null as upper_80_usd,
        null as lower_95_usd,
        null as upper_95_usd
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
        lower_95_usd,
        upper_95_usd
    from foretold

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
        {%- for column in ['forecast', 'lower_80', 'upper_80', 'lower_95', 'upper_95'] %}
            cast(round({{ column }}_usd, 2) as decimal(18, 2)) as {{ column }}_usd,
        {%- endfor %}
        forecast_method
    from rows_of_both

)

select * from final
order by forecast_id asc

-- Grain: one row per stage, with what is open in it; won and lost with what 365 days decided.
-- What is open weighs its value times how often such opportunities are won: won in parts of won
-- and lost over the last 365 days, among those with a quote sent if it has one, else among all.
with opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

clock as (

    select {{ as_of() }} as as_of

),

decided as (

    select opportunities.*
    from opportunities
    cross join clock
    where
        (opportunities.is_won or opportunities.is_lost)
        and opportunities.closed_at > clock.as_of - interval '365' day

),

win_rates as (

    select
        cast(round(avg(case when is_won then 1 else 0 end), 4) as decimal(9, 4)) as win_rate,
        cast(
            round(avg(case when is_quoted then case when is_won then 1 else 0 end end), 4)
            as decimal(9, 4)
        ) as quoted_win_rate
    from decided

),

weighed as (

    select
        opportunities.*,
        case
            when opportunities.is_quoted
                then coalesce(win_rates.quoted_win_rate, win_rates.win_rate)
            else win_rates.win_rate
        end as win_rate
    from opportunities
    cross join win_rates
    where opportunities.is_open

    union all

    select
        decided.*,
        cast(case when decided.is_won then 1 else 0 end as decimal(9, 4)) as win_rate
    from decided

),

final as (

    select
        stage,
        max(stage_position) as stage_position,
        count(case when is_open then 1 end) > 0 as is_open,
        count(*) as opportunity_count,
        count(case when is_quoted then 1 end) as quoted_count,
        cast(sum(value_usd) as decimal(18, 2)) as value_usd,
        cast(round(avg(days_open), 1) as decimal(9, 1)) as average_days_open,
        count(case when is_past_expected then 1 end) as past_expected_count,
        cast(sum(case when is_past_expected then value_usd else 0 end) as decimal(18, 2))
            as past_expected_value_usd,
        cast(round(avg(win_rate), 4) as decimal(9, 4)) as win_rate,
        cast(round(sum(value_usd * win_rate), 2) as decimal(18, 2))
            as weighted_value_usd
    from weighed
    group by stage

)

select * from final
order by
    stage_position asc nulls last,
    stage asc

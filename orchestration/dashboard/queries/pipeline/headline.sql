-- What is open now, and how often talks ended well over the last year.
with opportunities as (

    select
        opportunities.*,
        (opportunities.is_won or opportunities.is_lost)
        and opportunities.closed_at > snapshot.as_of - interval 365 day as is_of_last_year
    from marts.fct_opportunities as opportunities
    cross join about.snapshot as snapshot

),

expected as (

    select sum(weighted_value_usd) as weighted_value_usd
    from marts.rpt_sales_pipeline
    where is_open

)

select
    count(*) filter (where opportunities.is_open) as open_opportunities,
    sum(opportunities.value_usd) filter (where opportunities.is_open) as open_value_usd,
    any_value(expected.weighted_value_usd) as weighted_value_usd,
    sum(opportunities.value_usd) filter (where opportunities.is_past_expected)
        as past_expected_value_usd,
    avg(opportunities.is_won::integer) filter (where opportunities.is_of_last_year) as win_rate
from opportunities
cross join expected

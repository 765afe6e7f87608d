-- Open after the day on which they were to be decided, the largest first.
select
    opportunities.opportunity_id,
    accounts.account_name,
    customers.customer_id,
    customers.display_name,
    opportunities.stage,
    opportunities.value_usd,
    opportunities.expected_close_date,
    opportunities.latest_quote_state
from marts.fct_opportunities as opportunities
left join marts.account_360 as accounts
    on opportunities.account_id = accounts.account_id
left join marts.customer_360 as customers
    on opportunities.customer_id = customers.customer_id
where opportunities.is_past_expected
order by opportunities.value_usd desc, opportunities.opportunity_id asc
limit 25

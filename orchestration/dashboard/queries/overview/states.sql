select
    activity_state,
    count(*) as customers,
    sum(revenue_usd) as revenue_usd
from marts.customer_360
where not is_test_account
group by activity_state
order by activity_state

select
    date_trunc('month', ordered_at) as month,
    sum(revenue_usd) as revenue_usd
from marts.fct_orders
where customer_id = $customer_id
group by all
order by all

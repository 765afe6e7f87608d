select
    date_trunc('month', orders.ordered_at) as month,
    orders.order_channel,
    sum(orders.revenue_usd) as revenue_usd
from marts.fct_orders as orders
cross join about.snapshot as snapshot
where
    orders.ordered_at <= snapshot.as_of
    and orders.ordered_at >= date_trunc('month', snapshot.as_of) - interval 24 month
group by all
order by all

-- The last 30 days beside the 30 days before them.
with aged as (

    select
        orders.revenue_usd,
        not (orders.is_cancelled or orders.is_return_only or orders.is_in_future) as is_purchase,
        date_diff('day', orders.ordered_at, snapshot.as_of) as days_ago
    from marts.fct_orders as orders
    cross join about.snapshot as snapshot

)

select
    sum(revenue_usd) filter (where days_ago < 30) as revenue_usd,
    sum(revenue_usd) filter (where days_ago >= 30) as revenue_before_usd,
    count(*) filter (where is_purchase and days_ago < 30) as orders,
    count(*) filter (where is_purchase and days_ago >= 30) as orders_before
from aged
where days_ago between 0 and 59

-- By day first: one date is cheaper than one month to work out, and there are few days.
with days as (

    select
        cast(orders.ordered_at as date) as ordered_date,
        orders.order_channel,
        sum(orders.revenue_usd) as revenue_usd
    from marts.fct_orders as orders
    cross join about.snapshot as snapshot
    where
        orders.ordered_at <= snapshot.as_of
        and orders.ordered_at >= date_trunc('month', snapshot.as_of) - interval 24 month
    group by all

)

select
    cast(date_trunc('month', ordered_date) as timestamp) as month,
    order_channel,
    sum(revenue_usd) as revenue_usd
from days
group by all
order by all

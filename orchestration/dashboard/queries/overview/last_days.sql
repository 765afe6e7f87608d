-- The last 30 days beside the 30 days before them; summed by day first, since there are few days.
with days as (

    select
        cast(ordered_at as date) as ordered_date,
        sum(revenue_usd) as revenue_usd,
        count(*) filter (where not (is_cancelled or is_return_only or is_in_future)) as orders
    from marts.fct_orders
    group by all

),

aged as (

    select
        days.revenue_usd,
        days.orders,
        date_diff('day', days.ordered_date, cast(snapshot.as_of as date)) as days_ago
    from days
    cross join about.snapshot as snapshot

)

select
    sum(revenue_usd) filter (where days_ago < 30) as revenue_usd,
    sum(revenue_usd) filter (where days_ago >= 30) as revenue_before_usd,
    cast(coalesce(sum(orders) filter (where days_ago < 30), 0) as bigint) as orders,
    cast(coalesce(sum(orders) filter (where days_ago >= 30), 0) as bigint) as orders_before
from aged
where days_ago between 0 and 59

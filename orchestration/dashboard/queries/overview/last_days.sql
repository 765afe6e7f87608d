-- The last 30 days beside the 30 days before them, by the same count as the page "What changed".
select
    sum(latest_revenue_usd) as revenue_usd,
    sum(previous_revenue_usd) as revenue_before_usd,
    cast(coalesce(sum(latest_order_count), 0) as bigint) as orders,
    cast(coalesce(sum(previous_order_count), 0) as bigint) as orders_before
from marts.rpt_changes
where breakdown = 'all'

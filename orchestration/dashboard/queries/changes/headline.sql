select
    latest_revenue_usd,
    previous_revenue_usd,
    change_usd,
    change_by_order_count_usd,
    change_by_order_value_usd,
    latest_order_count,
    previous_order_count
from marts.rpt_changes
where breakdown = 'all'

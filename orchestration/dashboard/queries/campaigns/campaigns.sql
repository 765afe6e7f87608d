select
    campaign_id,
    campaign_name,
    channel,
    start_date,
    cost_usd,
    attributed_revenue_usd,
    attributed_order_count,
    reached_customer_count,
    send_count,
    open_count,
    click_count,
    unsubscribe_count,
    attributed_revenue_usd / nullif(cost_usd, 0) as return_on_spend,
    open_count / nullif(send_count, 0) as open_rate,
    click_count / nullif(send_count, 0) as click_rate
from marts.rpt_campaigns
order by start_date desc, campaign_id asc

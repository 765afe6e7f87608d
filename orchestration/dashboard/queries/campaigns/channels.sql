select
    channel,
    count(*) as campaigns,
    sum(cost_usd) as cost_usd,
    sum(attributed_revenue_usd) as attributed_revenue_usd,
    sum(attributed_revenue_usd) / nullif(sum(cost_usd), 0) as return_on_spend
from marts.rpt_campaigns
group by channel
order by return_on_spend desc nulls last, channel asc

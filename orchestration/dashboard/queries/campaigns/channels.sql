select
    channel,
    count(*) as campaigns,
    sum(cost_usd) as cost_usd,
    sum(attributed_revenue_usd) as attributed_revenue_usd,
    -- what campaigns without a cost brought is no return on what the others cost
    sum(attributed_revenue_usd) filter (where cost_usd > 0)
    / nullif(sum(cost_usd), 0) as return_on_spend
from marts.rpt_campaigns
group by channel
order by return_on_spend desc nulls last, channel asc

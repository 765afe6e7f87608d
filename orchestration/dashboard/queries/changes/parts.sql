-- What the change comes from, by every breakdown: the ten members that moved most.
select
    breakdown,
    member,
    latest_revenue_usd,
    change_usd,
    change_by_order_count_usd,
    change_by_order_value_usd
from marts.rpt_changes
where breakdown <> 'all'
qualify row_number() over (partition by breakdown order by abs(change_usd) desc, member asc) <= 10
order by breakdown asc, change_usd desc, member asc

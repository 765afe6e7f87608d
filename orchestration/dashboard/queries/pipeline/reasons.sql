select
    coalesce(opportunities.lost_reason, 'not said') as lost_reason,
    count(*) as opportunities,
    sum(opportunities.value_usd) as value_usd
from marts.fct_opportunities as opportunities
cross join about.snapshot as snapshot
where
    opportunities.is_lost
    and opportunities.closed_at > snapshot.as_of - interval 365 day
group by all
order by value_usd desc, lost_reason asc

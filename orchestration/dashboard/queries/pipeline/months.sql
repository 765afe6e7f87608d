-- How the talks that ended in a month ended, by what they were worth.
select
    date_trunc('month', opportunities.closed_at) as month,
    case when opportunities.is_won then 'won' else 'lost' end as outcome,
    sum(opportunities.value_usd) as value_usd
from marts.fct_opportunities as opportunities
cross join about.snapshot as snapshot
where
    (opportunities.is_won or opportunities.is_lost)
    and opportunities.closed_at >= date_trunc('month', snapshot.as_of) - interval 12 month
    and opportunities.closed_at <= snapshot.as_of
group by all
order by all

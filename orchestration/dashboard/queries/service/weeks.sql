select
    date_trunc('week', timeline.occurred_at) as week,
    coalesce(timeline.subject, 'other') as category,
    count(*) as tickets
from marts.customer_timeline as timeline
cross join about.snapshot as snapshot
where
    timeline.interaction_type = 'ticket'
    and timeline.occurred_at >= date_trunc('week', snapshot.as_of) - interval 26 week
    and timeline.occurred_at <= snapshot.as_of
group by all
order by all

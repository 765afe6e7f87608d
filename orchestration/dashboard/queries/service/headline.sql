select
    count(*) filter (where tickets.is_open) as open_tickets,
    count(*) filter (where date_diff('day', tickets.opened_at, snapshot.as_of) between 0 and 29)
        as tickets_30_days,
    count(*) filter (where date_diff('day', tickets.opened_at, snapshot.as_of) between 30 and 59)
        as tickets_30_days_before,
    median(tickets.first_response_minutes) / 60 as first_response_hours,
    median(tickets.resolution_minutes) / 60 as resolution_hours,
    avg(tickets.satisfaction) as satisfaction
from marts.fct_tickets as tickets
cross join about.snapshot as snapshot

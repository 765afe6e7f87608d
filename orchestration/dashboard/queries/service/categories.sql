select
    category,
    count(*) as tickets,
    count(*) filter (where is_open) as open_tickets,
    median(first_response_minutes) / 60 as first_response_hours,
    median(resolution_minutes) / 60 as resolution_hours,
    avg(satisfaction) as satisfaction
from marts.fct_tickets
group by category
order by tickets desc, category asc

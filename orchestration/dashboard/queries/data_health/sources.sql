select
    source_system,
    count(*) as records,
    count(distinct customer_id) as customers
from marts.customer_identities
where is_current
group by source_system
order by records desc, source_system asc

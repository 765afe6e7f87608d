select
    count(*) as records,
    count(distinct customer_id) as customers,
    1 - count(distinct customer_id) / nullif(count(*), 0) as match_rate
from marts.customer_identities
where is_current

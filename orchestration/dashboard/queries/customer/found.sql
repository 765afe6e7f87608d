-- What a person chooses by among those who were found, in the order in which they were found.
select
    customer_id,
    display_name,
    city_raw,
    country_code,
    revenue_usd
from marts.customer_360
where list_contains($found_ids, customer_id)
order by list_position($found_ids, customer_id) asc

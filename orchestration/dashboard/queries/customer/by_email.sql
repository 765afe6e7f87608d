select
    customer_id,
    display_name,
    email,
    phone,
    city_raw,
    country_code,
    revenue_usd,
    source_systems
from marts.customer_360
where email = $wanted
order by revenue_usd desc, customer_id asc
limit 25

select customer_id
from marts.customer_360
where email = $wanted
order by revenue_usd desc, customer_id asc
limit 25

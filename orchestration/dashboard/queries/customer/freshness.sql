select *
from marts.customer_freshness
where customer_id = $customer_id

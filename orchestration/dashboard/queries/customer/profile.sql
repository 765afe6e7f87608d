select *
from marts.customer_360
where customer_id = $customer_id

select distinct country_code
from marts.customer_360
where country_code is not null
order by country_code

-- Spelt differently: the names most like what was typed.
select customer_id
from marts.customer_360
where jaro_winkler_similarity(full_name, $wanted, 0.86) > 0.86
order by jaro_winkler_similarity(full_name, $wanted) desc, customer_id asc
limit 25

-- Numbers are kept as +254...; what people type may lack the country or begin with a zero.
select customer_id
from marts.customer_360
where suffix(phone, $wanted)
order by revenue_usd desc, customer_id asc
limit 25

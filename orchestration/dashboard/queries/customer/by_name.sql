-- Every word that was typed begins a word of the name, in any order.
select customer_id
from marts.customer_360
where
    full_name is not null
    and len(list_filter($words, word -> contains(' ' || full_name, ' ' || word))) = len($words)
order by revenue_usd desc, customer_id asc
limit 25

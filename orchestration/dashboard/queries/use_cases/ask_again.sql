-- Whom to ask again, and for what; the customers of most revenue first.
select
    freshness.ask_again_place,
    customers.customer_id,
    customers.display_name,
    freshness.ask_again_for,
    freshness.ask_again_by,
    customers.revenue_usd
from marts.customer_freshness as freshness
inner join marts.customer_360 as customers
    on freshness.customer_id = customers.customer_id
where freshness.ask_again_place <= 25
order by freshness.ask_again_place asc

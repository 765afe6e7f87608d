-- Who waits for an answer, the best customers first.
select
    customer_id,
    display_name,
    open_ticket_count,
    last_ticket_opened_at,
    revenue_usd,
    activity_state
from marts.customer_360
where open_ticket_count > 0 and not is_test_account
order by revenue_usd desc, customer_id asc
limit 25

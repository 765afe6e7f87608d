-- Everybody we know, without test accounts.
select
    count(*) as customers,
    count(*) filter (where activity_state in ('new', 'active')) as active_customers,
    count(*) filter (where activity_state = 'new') as new_customers,
    count(*) filter (where activity_state = 'lapsing') as lapsing_customers,
    count(*) filter (where activity_state = 'lost') as lost_customers,
    count(*) filter (where order_count > 0) as buyers,
    count(*) filter (where order_count > 1) / nullif(count(*) filter (where order_count > 0), 0)
        as repeat_rate,
    sum(open_ticket_count) as open_tickets,
    count(*) filter (
        where
            is_contactable_email or is_contactable_sms or is_contactable_phone
            or is_contactable_post or is_contactable_push
    ) / nullif(count(*), 0) as contactable_share
from marts.customer_360
where not is_test_account

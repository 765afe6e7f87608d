-- Everybody we know, without test accounts; counted by kind first, since there are few kinds.
with kinds as (

    select
        activity_state,
        order_count > 0 as is_buyer,
        order_count > 1 as is_repeat_buyer,
        is_contactable_email or is_contactable_sms or is_contactable_phone
        or is_contactable_post or is_contactable_push as is_contactable,
        count(*) as customers,
        sum(open_ticket_count) as open_tickets
    from marts.customer_360
    where not is_test_account
    group by all

)

select
    cast(coalesce(sum(customers), 0) as bigint) as customers,
    cast(coalesce(sum(customers) filter (where activity_state in ('new', 'active')), 0) as bigint)
        as active_customers,
    cast(coalesce(sum(customers) filter (where activity_state = 'new'), 0) as bigint)
        as new_customers,
    cast(coalesce(sum(customers) filter (where activity_state = 'lapsing'), 0) as bigint)
        as lapsing_customers,
    cast(coalesce(sum(customers) filter (where activity_state = 'lost'), 0) as bigint)
        as lost_customers,
    cast(coalesce(sum(customers) filter (where is_buyer), 0) as bigint) as buyers,
    coalesce(sum(customers) filter (where is_repeat_buyer), 0)
    / nullif(sum(customers) filter (where is_buyer), 0) as repeat_rate,
    cast(sum(open_tickets) as bigint) as open_tickets,
    coalesce(sum(customers) filter (where is_contactable), 0) / nullif(sum(customers), 0)
        as contactable_share
from kinds

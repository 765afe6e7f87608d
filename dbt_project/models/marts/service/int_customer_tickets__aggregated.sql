-- Grain: one row per customer that ever opened a ticket.
with tickets as (

    select * from {{ ref('int_tickets__unioned') }}

),

identities as (

    select * from {{ ref('customer_identities') }}

),

owned as (

    select
        identities.customer_id,
        tickets.category,
        tickets.satisfaction,
        tickets.opened_at,
        coalesce(tickets.is_open, false) as is_open
    from tickets
    inner join identities
        on tickets.source_record_id = identities.source_record_id

),

final as (

    select
        customer_id,
        count(*) as ticket_count,
        count(case when is_open then 1 end) as open_ticket_count,
        max(case when is_open and category = 'complaint' then 1 else 0 end) = 1
            as has_open_complaint,
        cast(round(avg(satisfaction), 2) as decimal(4, 2)) as average_satisfaction,
        max(opened_at) as last_ticket_opened_at
    from owned
    group by customer_id

)

select * from final

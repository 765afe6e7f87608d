-- Grain: one row per support ticket, whether or not its customer is known.
with tickets as (

    select * from {{ ref('int_tickets__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

contacts as (

    select
        ticket_id,
        count(case when channel = 'chat' then 1 end) as chat_count,
        count(case when channel = 'phone' then 1 end) as call_count
    from interactions
    where
        channel in ('chat', 'phone')
        and ticket_id is not null
    group by ticket_id

),

joined as (

    select
        tickets.*,
        identities.customer_id,
        coalesce(contacts.chat_count, 0) as chat_count,
        coalesce(contacts.call_count, 0) as call_count,
        -- a state that a source does not tell follows from the solution
        case
            when coalesce(tickets.is_open, tickets.resolved_at is null)
                then cast('9999-12-01' as timestamp)
            else tickets.resolved_at
        end as waits_until
    from tickets
    left join identities
        on tickets.source_record_id = identities.source_record_id
    left join contacts
        on tickets.ticket_id = contacts.ticket_id

),

{%- set earlier_of_the_same = 'partition by customer_id, category'
    ~ ' order by opened_at asc, ticket_id asc rows between unbounded preceding and 1 preceding' %}

final as (

    select
        ticket_id,
        customer_id,
        order_id,
        category,
        contact_channel,
        priority,
        ticket_status,
        coalesce(is_open, false) as is_open,
        coalesce(is_open and category = 'complaint', false) as is_open_complaint,
        opened_at,
        first_response_at,
        resolved_at,
        -- an answer before the question is a clock gone wrong, and no time
        cast(
            case
                when first_response_at >= opened_at
                    then {{ dbt.datediff('opened_at', 'first_response_at', 'minute') }}
            end as bigint
        ) as first_response_minutes,
        cast(
            case
                when resolved_at >= opened_at
                    then {{ dbt.datediff('opened_at', 'resolved_at', 'minute') }}
            end as bigint
        ) as resolution_minutes,
        coalesce(
            customer_id is not null
            and category is not null
            and opened_at <= max(waits_until) over ({{ earlier_of_the_same }}) + interval '14' day,
            false
        ) as is_repeated,
        chat_count,
        call_count,
        cast(satisfaction as bigint) as satisfaction
    from joined

)

select * from final
order by ticket_id asc

-- Grain: one row per person record and stretch of time in which it belonged to one customer.
with memberships as (

    select * from {{ source('identity', 'membership_history') }}

),

aliases as (

    select * from {{ source('identity', 'customer_aliases') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

customers as (

    select distinct customer_id from identities

),

led_to_today as (

    select
        memberships.source_record_id,
        memberships.source_system,
        memberships.customer_id as recorded_customer_id,
        coalesce(aliases.current_customer_id, memberships.customer_id) as leads_to_customer_id,
        memberships.assigned_at,
        memberships.valid_from,
        memberships.valid_to
    from memberships
    left join aliases
        on memberships.customer_id = aliases.customer_id

),

final as (

    select
        led_to_today.source_record_id,
        led_to_today.source_system,
        led_to_today.recorded_customer_id,
        customers.customer_id,
        identities.customer_id as record_customer_id,
        cast(led_to_today.assigned_at as timestamp) as assigned_at,
        cast(led_to_today.valid_from as timestamp) as valid_from,
        cast(led_to_today.valid_to as timestamp) as valid_to,
        led_to_today.valid_to is null as is_current
    from led_to_today
    left join customers
        on led_to_today.leads_to_customer_id = customers.customer_id
    left join identities
        on led_to_today.source_record_id = identities.source_record_id

)

select * from final
order by
    source_record_id asc,
    valid_from asc

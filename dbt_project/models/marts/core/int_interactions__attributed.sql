-- Grain: one row per interaction of any channel, whether or not its customer is known.
with interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

owners as (

    select * from {{ ref('int_identifier_owners__resolved') }}

),

email_owners as (

    select * from owners
    where identifier_kind = 'email'

),

phone_owners as (

    select * from owners
    where identifier_kind = 'phone'

),

device_owners as (

    select * from owners
    where identifier_kind = 'device'

),

final as (

    select
        interactions.interaction_id,
        interactions.source_system,
        interactions.channel,
        interactions.interaction_type,
        interactions.occurred_at,
        interactions.campaign_id,
        interactions.order_id,
        interactions.ticket_id,
        interactions.amount_usd,
        interactions.subject,
        coalesce(
            identities.customer_id,
            email_owners.customer_id,
            phone_owners.customer_id,
            device_owners.customer_id
        ) as customer_id,
        case
            when identities.customer_id is not null then 'source_record'
            when email_owners.customer_id is not null then 'email'
            when phone_owners.customer_id is not null then 'phone'
            when device_owners.customer_id is not null then 'device'
            when
                coalesce(
                    email_owners.owner_status,
                    phone_owners.owner_status,
                    device_owners.owner_status
                ) is not null
                then 'shared_identifier'
            when
                coalesce(
                    interactions.source_record_id,
                    interactions.email,
                    interactions.phone,
                    interactions.device_id
                ) is not null
                then 'unknown_identifier'
            else 'anonymous'
        end as attributed_by
    from interactions
    left join identities
        on interactions.source_record_id = identities.source_record_id
    left join email_owners
        on interactions.email = email_owners.identifier_value
    left join phone_owners
        on interactions.phone = phone_owners.identifier_value
    left join device_owners
        on interactions.device_id = device_owners.identifier_value

)

select * from final

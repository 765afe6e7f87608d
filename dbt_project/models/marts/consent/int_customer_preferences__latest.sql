-- Grain: one row per customer that told us how it wants to hear from us.
with preferences as (

    select * from {{ ref('int_channel_preferences__unioned') }}

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

clock as (

    select {{ as_of() }} as as_of

),

-- what is dated after the run waits for its day
attributed as (

    select
        preferences.preference_id,
        preferences.preferred_channel,
        preferences.contact_frequency,
        preferences.source_updated_at,
        coalesce(email_owners.customer_id, phone_owners.customer_id) as customer_id
    from preferences
    left join email_owners
        on preferences.email = email_owners.identifier_value
    left join phone_owners
        on preferences.phone = phone_owners.identifier_value
    cross join clock
    where
        preferences.source_updated_at is null
        or preferences.source_updated_at <= clock.as_of

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by
                source_updated_at desc nulls last,
                preference_id asc  -- total order: reruns pick the same row
        ) as recency_rank
    from attributed
    where customer_id is not null

),

final as (

    select
        customer_id,
        preferred_channel,
        contact_frequency,
        source_updated_at as preferences_updated_at
    from ranked
    where recency_rank = 1

)

select * from final

-- Grain: one row per identifier (e-mail, phone, device) and customer that carries it.
with contact_points as (

    select * from {{ ref('int_contact_points__normalised') }}

),

devices as (

    select * from {{ ref('int_devices__linked') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

carried as (

    select
        contact_points.kind as identifier_kind,
        contact_points.value as identifier_value,
        identities.customer_id,
        case when contact_points.is_placeholder then 1 else 0 end as placeholder_mark
    from contact_points
    inner join identities
        on contact_points.source_record_id = identities.source_record_id

    union all

    select
        'device' as identifier_kind,
        devices.device_id as identifier_value,
        identities.customer_id,
        0 as placeholder_mark
    from devices
    inner join identities
        on devices.source_record_id = identities.source_record_id

),

final as (

    select
        identifier_kind,
        identifier_value,
        customer_id,
        max(placeholder_mark) = 1 as is_placeholder
    from carried
    where identifier_value is not null
    group by identifier_kind, identifier_value, customer_id

)

select * from final

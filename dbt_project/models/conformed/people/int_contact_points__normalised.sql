-- Grain: one row per person record and e-mail address or telephone number on it.
with records as (

    select * from {{ ref('int_person_records__normalised') }}

),

contact_points as (

    select
        source_record_id,
        source_system,
        'email' as kind,
        email as value,
        source_updated_at
    from records
    where email is not null

    union all

    select
        source_record_id,
        source_system,
        'phone' as kind,
        phone as value,
        source_updated_at
    from records
    where phone is not null

    union all

    select
        source_record_id,
        source_system,
        'phone' as kind,
        secondary_phone as value,
        source_updated_at
    from records
    where
        secondary_phone is not null
        and (phone is null or secondary_phone <> phone)

),

carried as (

    select
        kind,
        value,
        count(*) as record_count
    from contact_points
    group by kind, value

),

final as (

    select
        contact_points.source_record_id,
        contact_points.source_system,
        contact_points.kind,
        contact_points.value,
        -- a shop's own number typed for everybody, or an address made up to fill a field
        carried.record_count > {{ var('placeholder_record_count') }} as is_placeholder,
        contact_points.source_updated_at
    from contact_points
    inner join carried
        on
            contact_points.kind = carried.kind
            and contact_points.value = carried.value

)

select * from final

-- Grain: one row per person record that has a street, a city or a postcode.
with records as (

    select * from {{ ref('int_person_records__normalised') }}

),

final as (

    select
        source_record_id,
        street,
        unit,
        city,
        region,
        postcode,
        country_code,
        source_updated_at
    from records
    where
        street is not null
        or city is not null
        or postcode is not null

)

select * from final

-- Grain: one row per person record, with the customer it belongs to now.
with identity_map as (

    select * from {{ source('identity', 'identity_map') }}

),

final as (

    select
        source_record_id,
        source_system,
        customer_id
    from identity_map

)

select * from final

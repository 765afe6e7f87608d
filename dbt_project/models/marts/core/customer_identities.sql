-- Grain: one row per person record of any source.
with identity_map as (

    select * from {{ source('identity', 'identity_map') }}

),

final as (

    select
        source_record_id,
        source_system,
        customer_id,
        cast(assigned_at as timestamp) as assigned_at
    from identity_map

)

select * from final
order by source_record_id asc

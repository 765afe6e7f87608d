-- Grain: one row per customer.
with identities as (

    select * from {{ ref('int_identities__current') }}

),

sources as (

    select distinct
        customer_id,
        source_system
    from identities

),

final as (

    select
        customer_id,
        count(*) as source_count,
        {{ dbt.listagg('source_system', "','", 'order by source_system asc') }} as source_systems
    from sources
    group by customer_id

)

select * from final

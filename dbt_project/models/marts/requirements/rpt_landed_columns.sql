-- Grain: one row per column that contracts let in.
with landed as (

    select * from {{ ref('int_landed_columns__wanted') }}

),

final as (

    select
        landed_column,
        source_system,
        purpose,
        sensitivity,
        use_cases,
        -- keys hold a table together, and identity and operation are purposes of their own
        use_cases is null
        and not is_key
        and purpose not in ('identity', 'operations', 'compliance') as is_candidate_to_drop
    from landed

)

select * from final
order by landed_column asc

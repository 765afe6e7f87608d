-- Grain: one row per person record: the values that may be believed, the rank in its customer.
with believed as (

    select * from {{ ref('int_person_records__believed') }}

),

final as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by
                is_test_record asc,
                source_priority asc nulls last,
                source_updated_at desc nulls last,
                source_record_id asc  -- total order: reruns pick the same row
        ) as survivorship_rank
    from believed

)

select * from final  -- noqa: AM04

-- Grain: one row per customer that took part in a merge which this run has undone.
with history as (

    select * from {{ source('identity', 'id_history') }}

),

clock as (

    select {{ as_of() }} as as_of

),

undone as (

    select
        restored.customer_id,
        restored.related_customer_id,
        max(merged.occurred_at) as merged_at
    from history as restored
    inner join history as merged
        on
            restored.customer_id = merged.customer_id
            and merged.event = 'merged'
            and restored.occurred_at > merged.occurred_at
    cross join clock
    where restored.event = 'restored' and restored.occurred_at >= clock.as_of
    group by restored.customer_id, restored.related_customer_id

),

taking_part as (

    select
        customer_id,
        merged_at
    from undone

    union all

    select
        related_customer_id as customer_id,
        merged_at
    from undone

),

final as (

    select
        customer_id,
        min(merged_at) as merged_at
    from taking_part
    group by customer_id

)

select * from final

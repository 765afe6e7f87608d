-- Grain: one row per customer that took part in a merge which this run has undone.
-- Events are this run's by its name: where the clock went back, later runs have later ones already.
with history as (

    select * from {{ source('identity', 'id_history') }}

),

every_run as (

    select * from {{ source('quality', 'runs') }}

),

dated as (

    select
        history.event,
        history.customer_id,
        history.related_customer_id,
        every_run.as_of as happened_at,
        every_run.started_order,
        -- a run that is repeated finds the undo done by its first try
        every_run.as_of = {{ as_of() }} as is_of_this_run
    from history
    inner join every_run
        on history.run_id = every_run.run_id
    where history.event in ('merged', 'restored')

),

undone as (

    select
        restored.customer_id,
        restored.related_customer_id,
        max(merged.happened_at) as merged_at
    from dated as restored
    inner join dated as merged
        on
            restored.customer_id = merged.customer_id
            and merged.event = 'merged'
            and restored.started_order > merged.started_order
    where restored.event = 'restored' and restored.is_of_this_run
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

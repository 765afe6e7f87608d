-- Grain: one row per customer id that took part in a merge which was undone, and run that undid it.
-- Events are a run's by its name: where the clock went back, later runs have later moments already.
with history as (

    select * from {{ source('identity', 'id_history') }}

),

aliases as (

    select * from {{ ref('customer_aliases') }}

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
        every_run.started_order
    from history
    inner join every_run
        on history.run_id = every_run.run_id
    where history.event in ('merged', 'restored')

),

undone as (

    select
        restored.customer_id,
        restored.related_customer_id,
        restored.happened_at as restored_at,
        restored.started_order as restored_order,
        max(merged.happened_at) as merged_at
    from dated as restored
    inner join dated as merged
        on
            restored.customer_id = merged.customer_id
            and merged.event = 'merged'
            and restored.started_order > merged.started_order
    where restored.event = 'restored'
    group by
        restored.customer_id,
        restored.related_customer_id,
        restored.happened_at,
        restored.started_order

),

taking_part as (

    select
        customer_id,
        restored_at,
        restored_order,
        merged_at
    from undone

    union all

    select
        related_customer_id as customer_id,
        restored_at,
        restored_order,
        merged_at
    from undone

),

by_recorded_id as (

    select
        customer_id,
        restored_at,
        restored_order,
        merged_at
    from taking_part

    union all

    -- ids that rightly became one of the two took part as well, from then on
    select
        aliases.customer_id,
        taking_part.restored_at,
        taking_part.restored_order,
        greatest(taking_part.merged_at, aliases.since) as merged_at
    from taking_part
    inner join aliases
        on taking_part.customer_id = aliases.current_customer_id

),

final as (

    select
        customer_id,
        restored_at,
        restored_order,
        min(merged_at) as merged_at
    from by_recorded_id
    group by customer_id, restored_at, restored_order

)

select * from final

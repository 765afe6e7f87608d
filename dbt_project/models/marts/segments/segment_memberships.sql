-- Grain: one row per segment, customer and stay in it.
with recorded as (

    select * from {{ ref('int_segment_stays__recorded') }}

),

aliases as (

    select * from {{ ref('customer_aliases') }}

),

-- stays that a merge made one end together, and the older is kept
ended_together as (

    select
        recorded.segment_name,
        coalesce(aliases.current_customer_id, recorded.recorded_customer_id) as customer_id,
        min(recorded.entered_at) as entered_at,
        recorded.left_at
    from recorded
    left join aliases
        on recorded.recorded_customer_id = aliases.customer_id
    where recorded.left_at is null or recorded.left_at > recorded.entered_at
    group by
        recorded.segment_name,
        coalesce(aliases.current_customer_id, recorded.recorded_customer_id),
        recorded.left_at

),

final as (

    select
        segment_name,
        customer_id,
        entered_at,
        case when count(*) = count(left_at) then max(left_at) end as left_at,
        count(*) > count(left_at) as is_member
    from ended_together
    group by segment_name, customer_id, entered_at

)

select * from final
order by
    segment_name asc,
    customer_id asc,
    entered_at asc

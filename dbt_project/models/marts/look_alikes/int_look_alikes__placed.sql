-- Grain: one row per segment and place of a customer that is not in it and is most like its
-- members.
with scored as (

    select * from {{ ref('int_segment_profiles__scored') }}
    where
        view_name = 'now'
        and likeness > 0
        and places_before < {{ var('look_alikes_per_segment') }}

),

customers as (

    select * from {{ ref('int_customers__profiled') }}

),

members as (

    select * from {{ ref('int_segment_members__evaluated') }}

),

ranked as (

    select
        scored.segment_name,
        scored.profile_id,
        scored.likeness,
        customers.customer_id,
        row_number() over (
            partition by scored.segment_name
            order by
                scored.likeness desc,
                scored.profile_id asc,
                customers.customer_id asc  -- total order: reruns pick the same row
        ) as place
    from scored
    inner join customers
        on scored.profile_id = customers.profile_id
    left join members
        on
            scored.segment_name = members.segment_name
            and customers.customer_id = members.customer_id
    where members.customer_id is null

)

select * from ranked
where place <= {{ var('look_alikes_per_segment') }}

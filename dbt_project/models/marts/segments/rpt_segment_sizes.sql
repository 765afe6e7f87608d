-- Grain: one row per segment and moment at which somebody entered or left it.
with memberships as (

    select * from {{ ref('segment_memberships') }}

),

movements as (

    select
        segment_name,
        entered_at as moved_at,
        1 as entered,
        0 as departed
    from memberships

    union all

    select
        segment_name,
        left_at as moved_at,
        0 as entered,
        1 as departed
    from memberships
    where left_at is not null

),

summed as (

    select
        segment_name,
        moved_at,
        sum(entered) as entered_count,
        sum(departed) as left_count
    from movements
    group by segment_name, moved_at

),

final as (

    select
        segment_name,
        moved_at,
        cast(entered_count as bigint) as entered_count,
        cast(left_count as bigint) as left_count,
        cast(
            sum(entered_count - left_count) over (
                partition by segment_name
                order by moved_at asc
                rows unbounded preceding
            ) as bigint
        ) as member_count
    from summed

)

select * from final
order by segment_name asc, moved_at asc

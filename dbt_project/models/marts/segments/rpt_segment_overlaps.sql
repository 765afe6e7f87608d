-- Grain: one row per pair of segments that share a customer.
with members as (

    select
        segment_name,
        customer_id
    from {{ ref('segment_memberships') }}
    where is_member

),

sizes as (

    select
        segment_name,
        count(*) as member_count
    from members
    group by segment_name

),

shared as (

    select
        one.segment_name,
        other.segment_name as other_segment_name,
        count(*) as shared_count
    from members as one
    inner join members as other
        on
            one.customer_id = other.customer_id
            and one.segment_name <> other.segment_name
    group by one.segment_name, other.segment_name

),

final as (

    select
        shared.segment_name,
        shared.other_segment_name,
        shared.shared_count,
        cast(round(shared.shared_count * 1.0 / sizes.member_count, 4) as decimal(9, 4))
            as shared_share
    from shared
    inner join sizes
        on shared.segment_name = sizes.segment_name

)

select * from final
order by segment_name asc, other_segment_name asc

-- Grain: one row per segment: whose it is, what it is for, how large it is, what it is worth.
with segments as (

    select * from {{ ref('int_segments__read') }}

),

memberships as (

    select * from {{ ref('segment_memberships') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

clock as (

    select {{ as_of() }} as as_of

),

counted as (

    select
        memberships.segment_name,
        count(case when memberships.is_member then 1 end) as member_count,
        count(case when memberships.entered_at = clock.as_of then 1 end) as entered_count,
        count(case when memberships.left_at = clock.as_of then 1 end) as left_count,
        count(case when memberships.is_member and customers.is_contactable_email then 1 end)
            as contactable_member_count,
        sum(case when memberships.is_member then customers.revenue_usd end) as revenue_usd
    from memberships
    cross join clock
    left join customers
        on memberships.customer_id = customers.customer_id
    group by memberships.segment_name

),

final as (

    select
        segments.segment_name,
        segments.description,
        segments.owner,
        segments.purpose,
        segments.condition,
        case
            when segments.status = 'refused' then 'refused'
            when coalesce(counted.member_count, 0) = 0 then 'empty'
            else 'in_use'
        end as status,
        segments.reason,
        coalesce(counted.member_count, 0) as member_count,
        coalesce(counted.entered_count, 0) as entered_count,
        coalesce(counted.left_count, 0) as left_count,
        coalesce(counted.contactable_member_count, 0) as contactable_member_count,
        cast(coalesce(counted.revenue_usd, 0) as decimal(18, 2)) as revenue_usd
    from segments
    left join counted
        on segments.segment_name = counted.segment_name

)

select * from final
order by segment_name asc

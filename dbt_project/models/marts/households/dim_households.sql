-- Grain: one row per household, two to eight customers at one address.
with members as (

    select * from {{ ref('customer_households') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

final as (

    select
        members.household_id,
        max(members.evidence) as evidence,
        count(*) as member_count,
        count(case when customers.order_count > 0 then 1 end) as buyer_count,
        cast(sum(customers.order_count) as bigint) as order_count,
        cast(sum(customers.revenue_usd) as decimal(18, 2)) as revenue_usd,
        max(customers.last_order_at) as last_order_at,
        cast(sum(customers.open_ticket_count) as bigint) as open_ticket_count,
        cast(sum(customers.overdue_amount_usd) as decimal(18, 2)) as overdue_amount_usd,
        count(case when customers.is_contactable_email then 1 end) as contactable_member_count,
        max(customers.country_code) as country_code
    from members
    inner join customers
        on members.customer_id = customers.customer_id
    group by members.household_id

)

select * from final
order by household_id asc

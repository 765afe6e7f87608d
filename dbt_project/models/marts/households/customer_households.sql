-- Grain: one row per customer that shares its home with another one.
-- Who shares a home is told by the identity step, record by record; the address a customer has now
-- says in which household it lives today.
with customers as (

    select * from {{ ref('customer_360') }}

),

households as (

    select * from {{ source('identity', 'households') }}

),

living as (

    select
        customers.customer_id,
        households.household_id,
        households.evidence
    from customers
    inner join households
        on customers.address_source_record_id = households.source_record_id
    where
        not customers.is_test_account
        and customers.account_id is null

),

counted as (

    select
        customer_id,
        household_id,
        count(*) over (partition by household_id) as member_count,
        evidence
    from living

),

final as (

    select
        customer_id,
        household_id,
        member_count,
        evidence
    from counted
    where member_count > 1

)

select * from final
order by customer_id asc

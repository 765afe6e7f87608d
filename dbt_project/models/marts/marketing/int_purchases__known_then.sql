-- Grain: one row per purchase and person record that was known, when it was made, to be its buyer.
-- That is the record of the purchase itself, and what identity resolution had joined to it by then.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

sales as (

    select * from {{ ref('fct_orders') }}

),

history as (

    select * from {{ ref('customer_identities') }}

),

records as (

    select * from {{ ref('int_person_records__normalised') }}

),

-- an address of several customers, or of nobody, does not say who clicked
sole_emails as (

    select identifier_value
    from {{ ref('int_identifier_owners__resolved') }}
    where
        identifier_kind = 'email'
        and owner_status = 'sole'

),

purchases as (

    select
        sales.order_id,
        sales.ordered_at,
        orders.source_record_id
    from sales
    inner join orders
        on sales.order_id = orders.order_id
    where
        orders.source_record_id is not null
        and not sales.is_cancelled
        and not sales.is_return_only
        and not sales.is_in_future

),

joined_then as (

    select
        purchases.order_id,
        purchases.ordered_at,
        joined_records.source_record_id
    from purchases
    inner join history as own
        on
            purchases.source_record_id = own.source_record_id
            and purchases.ordered_at >= own.valid_from
            and (own.valid_to is null or purchases.ordered_at < own.valid_to)
    inner join history as joined_records
        on
            own.recorded_customer_id = joined_records.recorded_customer_id
            and purchases.ordered_at >= joined_records.valid_from
            and (joined_records.valid_to is null or purchases.ordered_at < joined_records.valid_to)

    union

    select
        order_id,
        ordered_at,
        source_record_id
    from purchases

),

final as (

    select
        joined_then.order_id,
        joined_then.ordered_at,
        joined_then.source_record_id,
        sole_emails.identifier_value as email
    from joined_then
    left join records
        on joined_then.source_record_id = records.source_record_id
    left join sole_emails
        on records.email = sole_emails.identifier_value

)

select * from final

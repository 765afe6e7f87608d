-- Grain: one row per customer that ever ordered, cancelled orders included.
with orders as (

    select * from {{ ref('fct_orders') }}

),

final as (

    select
        customer_id,
        sum(case when is_cancelled then 0 else 1 end) as order_count,
        sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
        sum(case when is_returned then 1 else 0 end) as returned_order_count,
        sum(order_amount_usd) as ordered_amount_usd,
        sum(cancelled_amount_usd) as cancelled_amount_usd,
        sum(returned_amount_usd) as returned_amount_usd,
        sum(revenue_usd) as revenue_usd,
        min(case when not is_cancelled then ordered_at end) as first_order_at,
        max(case when not is_cancelled then ordered_at end) as last_order_at
    from orders
    where customer_id is not null
    group by customer_id

)

select * from final

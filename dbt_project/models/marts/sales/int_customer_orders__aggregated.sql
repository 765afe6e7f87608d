-- Grain: one row per customer that ever ordered, cancelled orders included.
-- A purchase is an order or receipt that was not cancelled, does not only take goods back, and is
-- not dated after the run.
with orders as (

    select
        *,
        not is_cancelled and not is_return_only and not is_in_future as is_purchase
    from {{ ref('fct_orders') }}

),

final as (

    select
        customer_id,
        count(case when is_purchase then 1 end) as order_count,
        count(case when is_cancelled and not is_in_future then 1 end) as cancelled_order_count,
        count(case when is_returned and not is_cancelled and not is_in_future then 1 end)
            as returned_order_count,
        cast(sum(ordered_amount_usd) as decimal(18, 2)) as ordered_amount_usd,
        cast(sum(cancelled_amount_usd) as decimal(18, 2)) as cancelled_amount_usd,
        cast(sum(returned_amount_usd) as decimal(18, 2)) as returned_amount_usd,
        cast(sum(revenue_usd) as decimal(18, 2)) as revenue_usd,
        min(case when is_purchase then ordered_at end) as first_order_at,
        max(case when is_purchase then ordered_at end) as last_order_at
    from orders
    where customer_id is not null
    group by customer_id

)

select * from final

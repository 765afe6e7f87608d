-- Grain: one row per line of an order or receipt.
with order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

final as (

    select
        order_lines.order_line_id,
        order_lines.order_id,
        orders.customer_id,
        order_lines.product_id,
        orders.ordered_at,
        orders.is_in_future,
        orders.is_cancelled,
        coalesce(order_lines.quantity < 0, false) as is_return,
        cast(order_lines.quantity as bigint) as quantity,
        cast(order_lines.unit_price as decimal(18, 4)) as unit_price,
        cast(order_lines.discount_amount as decimal(18, 2)) as discount_amount,
        cast(order_lines.line_amount as decimal(18, 2)) as line_amount,
        cast(order_lines.line_amount_usd as decimal(18, 2)) as line_amount_usd,
        cast(order_lines.quantity * products.cost_usd as decimal(18, 2)) as cost_usd,
        -- empty where the cost of the product is not known: a guess would look like a figure
        cast(
            order_lines.line_amount_usd - order_lines.quantity * products.cost_usd
            as decimal(18, 2)
        ) as margin_usd,
        cast(
            order_lines.line_amount_usd - order_lines.quantity * products.price_usd
            as decimal(18, 2)
        ) as price_difference_usd
    from order_lines
    left join orders
        on order_lines.order_id = orders.order_id
    left join products
        on order_lines.product_id = products.product_id

)

select * from final
order by order_line_id asc

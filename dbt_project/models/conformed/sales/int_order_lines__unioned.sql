-- Grain: one row per line of an order or receipt.
with order_lines as (

    {{ union_sources('order_lines', {
        'order_line_id': 'varchar',
        'order_id': 'varchar',
        'product_id': 'varchar',
        'quantity': 'bigint',
        'unit_price': 'decimal(18, 4)',
        'discount_amount': 'decimal(18, 2)',
    }) }}

),

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

priced as (

    select
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.product_id,
        order_lines.quantity,
        order_lines.unit_price,
        order_lines.discount_amount,
        orders.currency_code,
        orders.ordered_at,
        cast(
            round(
                order_lines.quantity * order_lines.unit_price
                - coalesce(order_lines.discount_amount, 0),
                2
            ) as decimal(18, 2)
        ) as line_amount
    from order_lines
    left join orders
        on order_lines.order_id = orders.order_id

),

final as (

    select
        priced.order_line_id,
        priced.order_id,
        priced.product_id,
        priced.quantity,
        priced.unit_price,
        priced.discount_amount,
        priced.line_amount,
        {{ amount_in_usd('priced.line_amount', 'exchange_rates.units_per_usd') }}
            as line_amount_usd
    from priced
    {{ exchange_rate_join('priced.currency_code', 'priced.ordered_at') }}

)

select * from final

-- Grain: one row per order or receipt of any channel.
with orders as (

    {{ union_sources('orders', {
        'order_id': 'varchar',
        'source_system': 'varchar',
        'order_channel': 'varchar',
        'source_record_id': 'varchar',
        'is_guest': 'boolean',
        'ordered_at': 'timestamp',
        'order_status': 'varchar',
        'currency_code': 'varchar',
        'order_amount': 'decimal(18, 2)',
        'is_cancelled': 'boolean',
        'is_returned': 'boolean',
        'payment_method': 'varchar',
        'device_id': 'varchar',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        orders.order_id,
        orders.source_system,
        orders.order_channel,
        orders.source_record_id,
        coalesce(orders.is_guest, false) as is_guest,
        orders.ordered_at,
        orders.order_status,
        orders.currency_code,
        orders.order_amount,
        {{ amount_in_usd('orders.order_amount', 'exchange_rates.units_per_usd') }}
            as order_amount_usd,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(orders.is_returned, false) as is_returned,
        orders.payment_method,
        orders.device_id
    from orders
    {{ exchange_rate_join('orders.currency_code', 'orders.ordered_at') }}

)

select * from final

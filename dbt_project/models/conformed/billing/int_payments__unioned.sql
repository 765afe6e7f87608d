-- Grain: one row per payment.
with payments as (

    {{ union_sources('payments', {
        'payment_id': 'varchar',
        'invoice_id': 'varchar',
        'paid_date': 'date',
        'currency_code': 'varchar',
        'payment_amount': 'decimal(18, 2)',
        'payment_method': 'varchar',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        payments.payment_id,
        payments.invoice_id,
        payments.paid_date,
        payments.currency_code,
        payments.payment_amount,
        {{ amount_in_usd('payments.payment_amount', 'exchange_rates.units_per_usd') }}
            as payment_amount_usd,
        payments.payment_method
    from payments
    {{ exchange_rate_join('payments.currency_code', 'payments.paid_date') }}

)

select * from final

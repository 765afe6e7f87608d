-- Grain: one row per invoice.
with invoices as (

    {{ union_sources('invoices', {
        'invoice_id': 'varchar',
        'source_record_id': 'varchar',
        'account_id': 'varchar',
        'order_id': 'varchar',
        'issued_date': 'date',
        'due_date': 'date',
        'currency_code': 'varchar',
        'invoice_amount': 'decimal(18, 2)',
        'invoice_status': 'varchar',
    }) }}

),

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        invoices.invoice_id,
        -- an invoice that names nobody goes to whoever placed the order
        coalesce(
            invoices.source_record_id,
            case when invoices.account_id is null then orders.source_record_id end
        ) as source_record_id,
        invoices.account_id,
        invoices.order_id,
        invoices.issued_date,
        invoices.due_date,
        invoices.currency_code,
        invoices.invoice_amount,
        {{ amount_in_usd('invoices.invoice_amount', 'exchange_rates.units_per_usd') }}
            as invoice_amount_usd,
        invoices.invoice_status
    from invoices
    left join orders
        on invoices.order_id = orders.order_id
    {{ exchange_rate_join('invoices.currency_code', 'invoices.issued_date') }}

)

select * from final

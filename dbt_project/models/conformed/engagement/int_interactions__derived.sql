-- Grain: one row per order, ticket, invoice, payment and quote sent, as something that happened.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

tickets as (

    select * from {{ ref('int_tickets__unioned') }}

),

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

quotes as (

    select * from {{ ref('int_quotes__unioned') }}
    where sent_at is not null  -- a draft has reached nobody

),

final as (

    select
        'orders:' || order_id as interaction_id,
        source_system,
        order_channel as channel,
        'order' as interaction_type,
        ordered_at as occurred_at,
        source_record_id,
        device_id,
        order_id,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        order_amount_usd as amount_usd,
        order_status as subject
    from orders

    union all

    select
        'tickets:' || ticket_id as interaction_id,
        source_system,
        'support' as channel,
        'ticket' as interaction_type,
        opened_at as occurred_at,
        source_record_id,
        cast(null as {{ dbt.type_string() }}) as device_id,
        order_id,
        ticket_id,
        cast(null as decimal(18, 2)) as amount_usd,
        category as subject
    from tickets

    union all

    select
        'invoices:' || invoice_id as interaction_id,
        'billing' as source_system,
        'billing' as channel,
        'invoice' as interaction_type,
        cast(issued_date as timestamp) as occurred_at,
        source_record_id,
        cast(null as {{ dbt.type_string() }}) as device_id,
        order_id,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        invoice_amount_usd as amount_usd,
        invoice_status as subject
    from invoices

    union all

    select
        'payments:' || payments.payment_id as interaction_id,
        'billing' as source_system,
        'billing' as channel,
        'payment' as interaction_type,
        cast(payments.paid_date as timestamp) as occurred_at,
        invoices.source_record_id,
        cast(null as {{ dbt.type_string() }}) as device_id,
        invoices.order_id,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        payments.payment_amount_usd as amount_usd,
        payments.payment_method as subject
    from payments
    left join invoices
        on payments.invoice_id = invoices.invoice_id

    union all

    select
        'quotes:' || quote_id as interaction_id,
        source_system,
        'sales' as channel,
        'quote' as interaction_type,
        sent_at as occurred_at,
        source_record_id,
        cast(null as {{ dbt.type_string() }}) as device_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        quoted_amount_usd as amount_usd,
        quote_status as subject
    from quotes

)

select * from final

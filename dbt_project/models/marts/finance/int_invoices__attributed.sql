-- Grain: one row per invoice, with the customer and the business it was written to.
with invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__matched') }}
    where not is_in_future

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

account_identities as (

    select * from {{ ref('account_identities') }}

),

paid as (

    select
        invoice_id,
        count(*) as payment_count,
        sum(payment_amount) as paid_amount,
        max(paid_date) as last_paid_date
    from payments
    group by invoice_id

),

final as (

    select
        invoices.invoice_id,
        invoices.order_id,
        identities.customer_id,
        coalesce(businesses.resolved_account_id, invoices.account_id) as account_id,
        invoices.issued_date,
        invoices.due_date,
        invoices.currency_code,
        invoices.invoice_amount,
        invoices.invoice_amount_usd,
        invoices.invoice_status,
        coalesce(paid.payment_count, 0) as payment_count,
        coalesce(paid.paid_amount, 0) as paid_amount,
        paid.last_paid_date
    from invoices
    left join paid
        on invoices.invoice_id = paid.invoice_id
    left join identities
        on invoices.source_record_id = identities.source_record_id
    left join account_identities as businesses
        on invoices.account_id = businesses.account_id

)

select * from final

-- Grain: one row per payment, whether or not its invoice is here.
with payments as (

    select * from {{ ref('int_payments__unioned') }}

),

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

final as (

    select
        payments.payment_id,
        payments.invoice_id,
        payments.paid_date,
        payments.payment_amount,
        invoices.invoice_id is not null as has_invoice,
        -- a payment dated after the run is kept, and settles its invoice from its day on
        coalesce(payments.paid_date > clock.today, false) as is_in_future
    from payments
    left join invoices
        on payments.invoice_id = invoices.invoice_id
    cross join clock

)

select * from final

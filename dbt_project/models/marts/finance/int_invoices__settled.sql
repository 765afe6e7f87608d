-- Grain: one row per invoice that was not voided, with the customer or the account that owes it.
with invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

account_identities as (

    select * from {{ ref('account_identities') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

paid as (

    select
        invoice_id,
        sum(payment_amount) as paid_amount
    from payments
    group by invoice_id

),

open_amounts as (

    select
        invoices.invoice_id,
        coalesce(businesses.resolved_account_id, invoices.account_id) as account_id,
        -- an invoice to a business is the account's debt, whoever ordered
        case when invoices.account_id is null then identities.customer_id end as customer_id,
        invoices.due_date,
        invoices.invoice_amount,
        invoices.invoice_amount_usd,
        greatest(invoices.invoice_amount - coalesce(paid.paid_amount, 0), 0) as open_amount
    from invoices
    left join paid
        on invoices.invoice_id = paid.invoice_id
    left join identities
        on invoices.source_record_id = identities.source_record_id
    left join account_identities as businesses
        on invoices.account_id = businesses.account_id
    where
        invoices.invoice_status is null
        or invoices.invoice_status <> 'void'

),

outstanding as (

    select
        *,
        -- in the invoice's own currency first: a changed rate must not leave a debt of cents
        case
            when open_amount = 0 then 0
            else round(open_amount * invoice_amount_usd / invoice_amount, 2)
        end as outstanding_amount_usd
    from open_amounts

),

final as (

    select
        outstanding.invoice_id,
        outstanding.account_id,
        outstanding.customer_id,
        outstanding.due_date,
        outstanding.invoice_amount_usd,
        cast(outstanding.outstanding_amount_usd as decimal(18, 2)) as outstanding_amount_usd,
        cast(
            case
                when outstanding.due_date < clock.today then outstanding.outstanding_amount_usd
                else 0
            end as decimal(18, 2)
        ) as overdue_amount_usd
    from outstanding
    cross join clock

)

select * from final

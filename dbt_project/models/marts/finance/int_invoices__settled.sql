-- Grain: one row per invoice that was not voided, with the customer or the account that owes it.
with invoices as (

    select * from {{ ref('int_invoices__attributed') }}
    where
        invoice_status is null
        or invoice_status <> 'void'

),

clock as (

    select cast({{ as_of() }} as date) as today

),

open_amounts as (

    select
        *,
        greatest(invoice_amount - paid_amount, 0) as open_amount
    from invoices

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
        -- an invoice to a business is the account's debt, whoever ordered
        case when outstanding.account_id is null then outstanding.customer_id end as customer_id,
        outstanding.due_date,
        outstanding.invoice_amount_usd,
        cast(outstanding.open_amount as decimal(18, 2)) as open_amount,
        coalesce(outstanding.open_amount > 0 and outstanding.due_date < clock.today, false)
            as is_overdue,
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

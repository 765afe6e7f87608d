-- Grain: one row per customer or account with a credit limit or an invoice.
with invoices as (

    select * from {{ ref('int_invoices__settled') }}

),

credit_limits as (

    select * from {{ ref('int_credit_limits__current') }}

),

debts as (

    select
        case when account_id is null then 'customer' else 'account' end as debtor_kind,
        coalesce(account_id, customer_id) as debtor_id,
        count(*) as invoice_count,
        count(case when open_amount > 0 then 1 end) as open_invoice_count,
        count(case when is_overdue then 1 end) as overdue_invoice_count,
        cast(sum(outstanding_amount_usd) as decimal(18, 2)) as outstanding_amount_usd,
        cast(sum(overdue_amount_usd) as decimal(18, 2)) as overdue_amount_usd
    from invoices
    where coalesce(account_id, customer_id) is not null
    group by
        case when account_id is null then 'customer' else 'account' end,
        coalesce(account_id, customer_id)

),

debtors as (

    select
        coalesce(debts.debtor_kind, credit_limits.debtor_kind) as debtor_kind,
        coalesce(debts.debtor_id, credit_limits.debtor_id) as debtor_id,
        coalesce(debts.invoice_count, 0) as invoice_count,
        coalesce(debts.open_invoice_count, 0) as open_invoice_count,
        coalesce(debts.overdue_invoice_count, 0) as overdue_invoice_count,
        coalesce(debts.outstanding_amount_usd, 0) as outstanding_amount_usd,
        coalesce(debts.overdue_amount_usd, 0) as overdue_amount_usd,
        credit_limits.credit_limit_usd,
        credit_limits.credit_rating
    from debts
    full outer join credit_limits
        on
            debts.debtor_kind = credit_limits.debtor_kind
            and debts.debtor_id = credit_limits.debtor_id

),

final as (

    select
        *,
        case
            when overdue_invoice_count > 0 then 'overdue'
            when outstanding_amount_usd > credit_limit_usd then 'over_limit'
            when open_invoice_count > 0 then 'owing'
            else 'clear'
        end as credit_standing
    from debtors

)

select * from final

-- Grain: one row per customer or account with a credit limit or an invoice.
with debtors as (

    select * from {{ ref('int_debtors__assessed') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

owed as (

    select
        case when account_id is null then 'customer' else 'account' end as debtor_kind,
        coalesce(account_id, customer_id) as debtor_id,
        count(*) as invoice_count,
        sum(invoice_amount_usd) as invoiced_amount_usd,
        count(case when settlement in ('paid', 'paid_late') then 1 end) as paid_count,
        count(case when settlement in ('paid_late', 'overdue') then 1 end) as late_count,
        avg(case when settlement in ('paid', 'paid_late') then days_late end) as average_days_late,
        max(days_late) as longest_days_late,
        max(last_paid_date) as last_paid_date
    from invoices
    where
        settlement <> 'void'
        and coalesce(account_id, customer_id) is not null
    group by
        case when account_id is null then 'customer' else 'account' end,
        coalesce(account_id, customer_id)

),

final as (

    select
        debtors.debtor_kind || ':' || debtors.debtor_id as debtor_key,
        debtors.debtor_kind,
        debtors.debtor_id,
        coalesce(owed.invoice_count, 0) as invoice_count,
        cast(coalesce(owed.invoiced_amount_usd, 0) as decimal(18, 2)) as invoiced_amount_usd,
        cast(debtors.outstanding_amount_usd as decimal(18, 2)) as outstanding_amount_usd,
        cast(debtors.overdue_amount_usd as decimal(18, 2)) as overdue_amount_usd,
        cast(debtors.credit_limit_usd as decimal(18, 2)) as credit_limit_usd,
        cast(
            round(debtors.outstanding_amount_usd / nullif(debtors.credit_limit_usd, 0), 4)
            as decimal(18, 4)
        ) as credit_limit_use,
        debtors.credit_rating,
        debtors.credit_standing,
        coalesce(owed.late_count, 0) as late_invoice_count,
        cast(round(owed.average_days_late, 1) as decimal(9, 1)) as average_days_late,
        owed.longest_days_late,
        owed.last_paid_date,
        case
            when coalesce(owed.invoice_count, 0) = 0 then 'no_invoices'
            when owed.late_count + owed.paid_count = 0 then 'not_yet_due'
            when owed.late_count = 0 then 'always_on_time'
            when owed.late_count * 4 <= owed.invoice_count then 'mostly_on_time'
            when owed.paid_count = 0 then 'never_paid'
            else 'often_late'
        end as payment_behaviour
    from debtors
    left join owed
        on
            debtors.debtor_kind = owed.debtor_kind
            and debtors.debtor_id = owed.debtor_id

)

select * from final
order by debtor_key asc

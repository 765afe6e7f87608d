-- Grain: one row per invoice, whoever owes it.
with invoices as (

    select * from {{ ref('int_invoices__attributed') }}

),

settled as (

    select * from {{ ref('int_invoices__settled') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

joined as (

    select
        invoices.*,
        settled.open_amount,
        settled.is_overdue,
        coalesce(settled.outstanding_amount_usd, 0) as outstanding_amount_usd,
        coalesce(settled.overdue_amount_usd, 0) as overdue_amount_usd,
        settled.invoice_id is null as is_void,
        clock.today
    from invoices
    left join settled
        on invoices.invoice_id = settled.invoice_id
    cross join clock

),

final as (

    select
        invoice_id,
        customer_id,
        account_id,
        order_id,
        issued_date,
        due_date,
        currency_code,
        cast(invoice_amount as decimal(18, 2)) as invoice_amount,
        cast(invoice_amount_usd as decimal(18, 2)) as invoice_amount_usd,
        cast(paid_amount as decimal(18, 2)) as paid_amount,
        payment_count,
        last_paid_date,
        outstanding_amount_usd,
        overdue_amount_usd,
        -- what was paid above the invoice is the customer's money, and no revenue
        cast(
            greatest(paid_amount - case when is_void then 0 else invoice_amount end, 0)
            as decimal(18, 2)
        ) as overpaid_amount,
        -- in its own currency: an amount that no rate turns into dollars is owed all the same
        case
            when is_void then 'void'
            when is_overdue then 'overdue'
            when open_amount > 0 and paid_amount > 0 then 'part_paid'
            when open_amount > 0 then 'open'
            when last_paid_date > due_date then 'paid_late'
            else 'paid'
        end as settlement,
        cast(
            case
                when is_void then 0
                when open_amount > 0
                    then greatest({{ dbt.datediff('due_date', 'today', 'day') }}, 0)
                else greatest({{ dbt.datediff('due_date', 'last_paid_date', 'day') }}, 0)
            end as bigint
        ) as days_late
    from joined

)

select * from final
order by invoice_id asc

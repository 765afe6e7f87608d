-- What customers and accounts owe is what the invoices say, less the invoices of nobody we know.
with invoices as (

    select
        coalesce(sum(outstanding_amount_usd), 0) as outstanding_amount_usd,
        coalesce(
            sum(
                case when coalesce(account_id, customer_id) is null then outstanding_amount_usd end
            ),
            0
        ) as unattributed_amount_usd
    from {{ ref('int_invoices__settled') }}

),

debtors as (

    select coalesce(sum(outstanding_amount_usd), 0) as outstanding_amount_usd
    from {{ ref('int_debtors__assessed') }}

)

select
    invoices.outstanding_amount_usd,
    invoices.unattributed_amount_usd,
    debtors.outstanding_amount_usd as owed_amount_usd
from invoices
cross join debtors
where
    invoices.outstanding_amount_usd - invoices.unattributed_amount_usd
    <> debtors.outstanding_amount_usd

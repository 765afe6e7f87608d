-- Grain: one row per business account.
with accounts as (

    select * from {{ ref('int_accounts__unioned') }}

),

customers as (

    select * from {{ ref('int_customers__golden') }}

),

debtors as (

    select * from {{ ref('int_debtors__assessed') }}
    where debtor_kind = 'account'

),

contacts as (

    select
        account_id,
        count(*) as contact_count
    from customers
    where account_id is not null
    group by account_id

),

final as (

    select
        accounts.account_id,
        accounts.source_system,
        accounts.account_name,
        accounts.legal_form,
        accounts.tax_number,
        accounts.industry,
        accounts.website_domain,
        accounts.city,
        accounts.country_code,
        accounts.parent_account_id,
        coalesce(contacts.contact_count, 0) as contact_count,
        cast(debtors.credit_limit_usd as decimal(18, 2)) as credit_limit_usd,
        debtors.credit_rating,
        cast(coalesce(debtors.outstanding_amount_usd, 0) as decimal(18, 2))
            as outstanding_amount_usd,
        cast(coalesce(debtors.overdue_amount_usd, 0) as decimal(18, 2)) as overdue_amount_usd,
        coalesce(debtors.credit_standing, 'no_credit') as credit_standing,
        accounts.source_updated_at
    from accounts
    left join contacts
        on accounts.account_id = contacts.account_id
    left join debtors
        on accounts.account_id = debtors.debtor_id

)

select * from final
order by account_id asc

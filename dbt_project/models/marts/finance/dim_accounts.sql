-- Grain: one row per business: of the accounts that are one, the account that stands for it.
with accounts as (

    select * from {{ ref('int_accounts__unioned') }}

),

account_identities as (

    select * from {{ ref('account_identities') }}

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

counted as (

    select
        resolved_account_id,
        count(*) as account_count
    from account_identities
    group by resolved_account_id

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
        coalesce(parents.resolved_account_id, accounts.parent_account_id) as parent_account_id,
        coalesce(counted.account_count, 1) as account_count,
        coalesce(contacts.contact_count, 0) as contact_count,
        cast(debtors.credit_limit_usd as decimal(18, 2)) as credit_limit_usd,
        debtors.credit_rating,
        cast(coalesce(debtors.outstanding_amount_usd, 0) as decimal(18, 2))
            as outstanding_amount_usd,
        cast(coalesce(debtors.overdue_amount_usd, 0) as decimal(18, 2)) as overdue_amount_usd,
        coalesce(debtors.credit_standing, 'no_credit') as credit_standing,
        accounts.source_updated_at
    from accounts
    left join account_identities as own
        on accounts.account_id = own.account_id
    left join account_identities as parents
        on accounts.parent_account_id = parents.account_id
    left join counted
        on accounts.account_id = counted.resolved_account_id
    left join contacts
        on accounts.account_id = contacts.account_id
    left join debtors
        on accounts.account_id = debtors.debtor_id
    where
        own.resolved_account_id is null
        or own.resolved_account_id = accounts.account_id

)

select * from final
order by account_id asc

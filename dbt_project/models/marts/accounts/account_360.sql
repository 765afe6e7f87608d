-- Grain: one row per business account, with what its people and the accounts below it do.
with accounts as (

    select * from {{ ref('dim_accounts') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

debtors as (

    select * from {{ ref('rpt_debtors') }}
    where debtor_kind = 'account'

),

talks as (

    select * from {{ ref('int_open_opportunities__summed') }}
    where owner_kind = 'account'

),

chains as (

    select * from {{ ref('int_accounts__chained') }}

),

placed as (

    select * from {{ ref('int_accounts__grouped') }}

),

people as (

    select
        account_id,
        count(*) as contact_count,
        count(case when is_contactable_email then 1 end) as contactable_contact_count,
        sum(order_count) as order_count,
        sum(revenue_usd) as revenue_usd,
        sum(open_ticket_count) as open_ticket_count,
        max(last_interaction_at) as last_interaction_at,
        max(last_order_at) as last_order_at
    from customers
    where account_id is not null
    group by account_id

),

below as (

    select
        chains.ancestor_id as account_id,
        count(*) - 1 as accounts_below_count,
        sum(coalesce(people.revenue_usd, 0)) as group_revenue_usd,
        sum(coalesce(accounts.outstanding_amount_usd, 0)) as group_outstanding_amount_usd
    from chains
    inner join accounts
        on chains.account_id = accounts.account_id
    left join people
        on chains.account_id = people.account_id
    group by chains.ancestor_id

),

final as (

    select
        accounts.account_id,
        accounts.account_name,
        accounts.industry,
        accounts.country_code,
        placed.group_account_id,
        cast(placed.level_in_group as bigint) as level_in_group,
        below.accounts_below_count,
        coalesce(people.contact_count, 0) as contact_count,
        coalesce(people.contactable_contact_count, 0) as contactable_contact_count,
        cast(coalesce(people.order_count, 0) as bigint) as order_count,
        cast(coalesce(people.revenue_usd, 0) as decimal(18, 2)) as revenue_usd,
        cast(below.group_revenue_usd as decimal(18, 2)) as group_revenue_usd,
        people.last_order_at,
        people.last_interaction_at,
        cast(coalesce(people.open_ticket_count, 0) as bigint) as open_ticket_count,
        accounts.credit_limit_usd,
        accounts.outstanding_amount_usd,
        cast(below.group_outstanding_amount_usd as decimal(18, 2)) as group_outstanding_amount_usd,
        accounts.overdue_amount_usd,
        accounts.credit_standing,
        coalesce(debtors.payment_behaviour, 'no_invoices') as payment_behaviour,
        coalesce(talks.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(talks.open_opportunity_value_usd, 0) as open_opportunity_value_usd,
        coalesce(talks.open_quote_count, 0) as open_quote_count
    from accounts
    inner join placed
        on accounts.account_id = placed.account_id
    inner join below
        on accounts.account_id = below.account_id
    left join people
        on accounts.account_id = people.account_id
    left join debtors
        on accounts.account_id = debtors.debtor_id
    left join talks
        on accounts.account_id = talks.owner_id

)

select * from final
order by account_id asc

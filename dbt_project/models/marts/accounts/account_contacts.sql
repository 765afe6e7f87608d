-- Grain: one row per business and customer who works for it.
-- A role is what somebody was seen to do; sources deliver no job titles.
with account_people as (

    select * from {{ source('identity', 'account_people') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

working as (

    select
        account_people.account_id,
        identities.customer_id,
        -- what a source declares counts more than the domain of an address
        min(account_people.evidence) as evidence,
        count(*) as record_count
    from account_people
    inner join identities
        on account_people.source_record_id = identities.source_record_id
    group by account_people.account_id, identities.customer_id

),

invoiced as (

    select
        customer_id,
        count(*) as invoice_count
    from invoices
    where customer_id is not null
    group by customer_id

),

ranked as (

    select
        working.*,
        customers.order_count,
        customers.revenue_usd,
        customers.ticket_count,
        customers.open_ticket_count,
        coalesce(invoiced.invoice_count, 0) as invoice_count,
        customers.interaction_count,
        customers.last_interaction_at,
        customers.is_contactable_email,
        customers.is_contactable_phone,
        row_number() over (
            partition by working.account_id
            order by
                customers.interaction_count desc,
                customers.revenue_usd desc,
                working.customer_id asc  -- total order: reruns pick the same row
        ) as contact_rank
    from working
    inner join customers
        on working.customer_id = customers.customer_id
    left join invoiced
        on working.customer_id = invoiced.customer_id

),

final as (

    select
        account_id || ':' || customer_id as account_contact_id,
        account_id,
        customer_id,
        concat_ws(
            ',',
            case when contact_rank = 1 and interaction_count > 0 then 'main_contact' end,
            case when order_count > 0 then 'buyer' end,
            case when invoice_count > 0 then 'payer' end,
            case when ticket_count > 0 then 'asks_service' end,
            case
                when
                    order_count + invoice_count + ticket_count = 0
                    and (contact_rank > 1 or interaction_count = 0)
                    then 'contact'
            end
        ) as roles,  -- noqa: RF04
        evidence,
        record_count,
        order_count,
        cast(revenue_usd as decimal(18, 2)) as revenue_usd,
        invoice_count,
        open_ticket_count,
        last_interaction_at,
        is_contactable_email,
        is_contactable_phone
    from ranked

)

select * from final
order by account_contact_id asc

-- Grain: one row per thing that happened between a person and the company, in any channel.
{%- set shape = {
    'interaction_id': 'varchar',
    'source_system': 'varchar',
    'channel': 'varchar',
    'interaction_type': 'varchar',
    'occurred_at': 'timestamp',
    'source_record_id': 'varchar',
    'email_raw': 'varchar',
    'phone_raw': 'varchar',
    'country_code': 'varchar',
    'device_id': 'varchar',
    'campaign_id': 'varchar',
    'order_id': 'varchar',
    'ticket_id': 'varchar',
    'amount_usd': 'decimal(18, 2)',
    'subject': 'varchar',
} %}
with observed as (

    {{ union_sources('interactions', shape) }}

),

-- an address stands on many interactions: it is normalised once
email_values as (

    {{ union_sources('interactions', {'email_raw': 'varchar'}) }}

),

emails as (

    select
        email_raw,
        {{ normalise_email('email_raw') }} as email
    from email_values
    where email_raw is not null
    group by email_raw

),

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

tickets as (

    select * from {{ ref('int_tickets__unioned') }}

),

invoices as (

    select * from {{ ref('int_invoices__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

normalised as (

    select
        observed.interaction_id,
        observed.source_system,
        observed.channel,
        observed.interaction_type,
        observed.occurred_at,
        observed.source_record_id,
        emails.email,
        {{ normalise_phone('observed.phone_raw', 'observed.country_code') }} as phone,
        observed.device_id,
        observed.campaign_id,
        observed.order_id,
        observed.ticket_id,
        observed.amount_usd,
        observed.subject
    from observed
    left join emails
        on observed.email_raw = emails.email_raw

),

final as (

    select * from normalised

    union all

    select
        'orders:' || order_id as interaction_id,
        source_system,
        order_channel as channel,
        'order' as interaction_type,
        ordered_at as occurred_at,
        source_record_id,
        null as email,
        null as phone,
        device_id,
        null as campaign_id,
        order_id,
        null as ticket_id,
        order_amount_usd as amount_usd,
        order_status as subject
    from orders

    union all

    select
        'tickets:' || ticket_id as interaction_id,
        source_system,
        'support' as channel,
        'ticket' as interaction_type,
        opened_at as occurred_at,
        source_record_id,
        null as email,
        null as phone,
        null as device_id,
        null as campaign_id,
        order_id,
        ticket_id,
        null as amount_usd,
        category as subject
    from tickets

    union all

    select
        'invoices:' || invoice_id as interaction_id,
        'billing' as source_system,
        'billing' as channel,
        'invoice' as interaction_type,
        cast(issued_date as timestamp) as occurred_at,
        source_record_id,
        null as email,
        null as phone,
        null as device_id,
        null as campaign_id,
        order_id,
        null as ticket_id,
        invoice_amount_usd as amount_usd,
        invoice_status as subject
    from invoices

    union all

    select
        'payments:' || payments.payment_id as interaction_id,
        'billing' as source_system,
        'billing' as channel,
        'payment' as interaction_type,
        cast(payments.paid_date as timestamp) as occurred_at,
        invoices.source_record_id,
        null as email,
        null as phone,
        null as device_id,
        null as campaign_id,
        invoices.order_id,
        null as ticket_id,
        payments.payment_amount_usd as amount_usd,
        payments.payment_method as subject
    from payments
    left join invoices
        on payments.invoice_id = invoices.invoice_id

)

select * from final

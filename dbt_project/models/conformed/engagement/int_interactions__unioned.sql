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

contact_values as (

    select * from {{ ref('int_contact_values__spelled') }}

),

derived as (

    select * from {{ ref('int_interactions__derived') }}

),

normalised as (

    select
        observed.interaction_id,
        observed.source_system,
        observed.channel,
        observed.interaction_type,
        observed.occurred_at,
        observed.source_record_id,
        emails.contact_value as email,
        phones.contact_value as phone,
        observed.device_id,
        observed.campaign_id,
        observed.order_id,
        observed.ticket_id,
        observed.amount_usd,
        observed.subject
    from observed
    left join contact_values as emails
        on {{ contact_value_key("'email'", 'observed.email_raw') }} = emails.value_key
    left join contact_values as phones
        on
            {{ contact_value_key("'phone'", 'observed.phone_raw', 'observed.country_code') }}
            = phones.value_key

),

final as (

    select * from normalised

    union all

    select
        interaction_id,
        source_system,
        channel,
        interaction_type,
        occurred_at,
        source_record_id,
        null as email,
        null as phone,
        device_id,
        null as campaign_id,
        order_id,
        ticket_id,
        amount_usd,
        subject
    from derived

)

select * from final

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

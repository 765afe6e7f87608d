-- Grain: one row per customer, channel (web, app) and day on which it was there.
with signals as (

    select * from {{ ref('int_web_signals__daily') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

device_owners as (

    select
        identifier_value,
        customer_id
    from {{ ref('int_identifier_owners__resolved') }}
    where identifier_kind = 'device'

),

attributed as (

    select
        signals.*,
        coalesce(identities.customer_id, device_owners.customer_id) as customer_id
    from signals
    left join identities
        on signals.source_record_id = identities.source_record_id
    left join device_owners
        on signals.device_id = device_owners.identifier_value

),

final as (

    select
        customer_id,
        channel,
        signal_date as visited_date,
        cast(sum(event_count) as bigint) as event_count,
        {%- for type in ['login', 'search', 'view', 'cart', 'purchase'] %}
            cast(
                sum(case when interaction_type = '{{ type }}' then event_count else 0 end) as bigint
            ) as {{ type }}_count,
        {%- endfor %}
        min(first_at) as first_at,
        max(last_at) as last_at
    from attributed
    where
        customer_id is not null
        and signal_date <= cast({{ as_of() }} as date)
    group by customer_id, channel, signal_date

)

select * from final
order by customer_id asc, visited_date asc, channel asc

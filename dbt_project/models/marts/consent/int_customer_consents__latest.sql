-- Grain: one row per customer that ever gave or withdrew a consent to marketing.
-- The latest event of a channel wins; at the same moment the withdrawal wins.
{%- set channels = ['email', 'sms', 'phone', 'post', 'push'] %}
with events as (

    select * from {{ ref('int_consent_events__attributed') }}
    where customer_id is not null

),

clock as (

    select {{ as_of() }} as as_of

),

-- a consent dated after the run waits for its day; a withdrawal counts at once, whatever its date
counting as (

    select events.*
    from events
    cross join clock
    where
        events.consent_status = 'withdrawn'
        or events.changed_at <= clock.as_of

),

dated as (

    select
        customer_id,
        {%- for channel in channels %}
            max(
                case
                    when channel = '{{ channel }}' and consent_status = 'granted'
                        then changed_at
                end
            ) as {{ channel }}_granted_at,
            max(
                case
                    when channel = '{{ channel }}' and consent_status = 'withdrawn'
                        then changed_at
                end
            ) as {{ channel }}_withdrawn_at,
        {%- endfor %}
        max(changed_at) as consent_changed_at
    from counting
    group by customer_id

),

final as (

    select
        customer_id,
        {%- for channel in channels %}
            case
                when {{ channel }}_granted_at is null and {{ channel }}_withdrawn_at is null
                    then 'unknown'
                when {{ channel }}_granted_at is null then 'withdrawn'
                when {{ channel }}_withdrawn_at >= {{ channel }}_granted_at then 'withdrawn'
                else 'granted'
            end as {{ channel }}_consent,
        {%- endfor %}
        consent_changed_at
    from dated

)

select * from final

-- Grain: one row per customer.
-- The one rule of who may be written to, by which channel, and why not.
{%- set channels = ['email', 'sms', 'phone', 'post', 'push'] %}
with customers as (

    select * from {{ ref('int_customers__golden') }}

),

consents as (

    select * from {{ ref('int_customer_consents__latest') }}

),

preferences as (

    select * from {{ ref('int_customer_preferences__latest') }}

),

reached_addresses as (

    select * from {{ ref('int_email_addresses__reached') }}

),

tickets as (

    select * from {{ ref('customer_service') }}

),

device_owners as (

    select distinct customer_id
    from {{ ref('int_identifier_owners__resolved') }}
    where
        identifier_kind = 'device'
        and customer_id is not null

),

known as (

    select
        customers.customer_id,
        customers.is_test_account,
        customers.email is not null as has_email,
        customers.phone is not null as has_phone,
        customers.street_raw is not null and customers.city is not null as has_post_address,
        device_owners.customer_id is not null as has_device,
        {%- for channel in channels %}
            coalesce(consents.{{ channel }}_consent, 'unknown') as {{ channel }}_consent,
        {%- endfor %}
        coalesce(reached_addresses.is_bouncing, false) as is_bouncing,
        coalesce(tickets.is_mailing_paused, false) as has_open_complaint,
        coalesce(preferences.contact_frequency = 'never', false) as wants_no_contact
    from customers
    left join consents
        on customers.customer_id = consents.customer_id
    left join preferences
        on customers.customer_id = preferences.customer_id
    left join reached_addresses
        on customers.email = reached_addresses.email
    left join tickets
        on customers.customer_id = tickets.customer_id
    left join device_owners
        on customers.customer_id = device_owners.customer_id

),

reasoned as (

    select
        *,
        case
            when 'granted' not in ({{ channels | join('_consent, ') }}_consent) then 'no_consent'  -- noqa: LT05
        end as consent_reason,
        case when is_bouncing then 'bounced' end as bounce_reason,
        case when has_open_complaint then 'open_complaint' end as complaint_reason,
        case when wants_no_contact then 'wants_no_contact' end as preference_reason,
        case when is_test_account then 'test_account' end as test_reason,
        case
            when not (has_email or has_phone or has_post_address or has_device)
                then 'no_contact_point'
        end as contact_point_reason,
        is_test_account or has_open_complaint or wants_no_contact as is_suppressed
    from known

),

final as (

    select
        customer_id,
        {{ channels | join('_consent, ') }}_consent,
        concat_ws(
            ',',
            consent_reason,
            bounce_reason,
            complaint_reason,
            preference_reason,
            test_reason,
            contact_point_reason
        ) as suppression_reasons,
        email_consent = 'granted' and has_email and not is_bouncing and not is_suppressed
            as is_contactable_email,
        sms_consent = 'granted' and has_phone and not is_suppressed as is_contactable_sms,
        phone_consent = 'granted' and has_phone and not is_suppressed as is_contactable_phone,
        post_consent = 'granted' and has_post_address and not is_suppressed
            as is_contactable_post,
        push_consent = 'granted' and has_device and not is_suppressed as is_contactable_push
    from reasoned

)

select * from final

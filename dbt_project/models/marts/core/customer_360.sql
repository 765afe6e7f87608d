-- Grain: one row per customer.
{%- set profile = {
    'name': ['display_name', 'given_name', 'middle_name', 'family_name', 'full_name'],
    'birth_date': ['birth_date'], 'sex': ['sex'], 'email': ['email', 'email_raw'],
    'phone': ['phone'],
    'address': [
        'street_raw', 'unit', 'city_raw', 'city', 'region', 'postcode', 'address_country_code'
    ],
    'country': ['country_code'], 'account': ['account_id'],
} %}
{%- set provenance = ['source', 'source_record_id', 'updated_at'] %}
with customers as (

    select * from {{ ref('int_customers__golden') }}

),

sources as (

    select * from {{ ref('int_customer_sources__listed') }}

),

demographics as (

    select * from {{ ref('int_customer_demographics__golden') }}

),

preferences as (

    select * from {{ ref('int_customer_preferences__latest') }}

),

contactable as (

    select * from {{ ref('int_customers__contactable') }}

),

activity as (

    select * from {{ ref('int_customer_activity__collected') }}

),

talks as (

    select * from {{ ref('int_open_opportunities__summed') }}
    where owner_kind = 'customer'

),

profiles as (

    select
        customers.customer_id,

        -- golden profile: what, and beside it where it comes from
        {%- for attribute, columns in profile.items() %}
            {%- for column in columns %}
                customers.{{ column }},
            {%- endfor %}
            {%- for column in provenance %}
                customers.{{ attribute }}_{{ column }},
            {%- endfor %}
        {%- endfor %}
        {%- for attribute in ['household_size', 'income_band', 'interests'] %}
            demographics.{{ attribute }},
            {%- for column in provenance %}
                demographics.{{ attribute }}_{{ column }},
            {%- endfor %}
        {%- endfor %}
        customers.account_id is not null as is_business_contact,
        customers.is_test_account,
        customers.profile_updated_at,

        -- source coverage
        customers.record_count,
        sources.source_count,
        sources.source_systems,

        -- consent
        preferences.preferred_channel,
        preferences.contact_frequency,
        {%- for channel in ['email', 'sms', 'phone', 'post', 'push'] %}
            contactable.{{ channel }}_consent,
            contactable.is_contactable_{{ channel }},
        {%- endfor %}
        contactable.suppression_reasons,

        -- what may still be sold
        coalesce(talks.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(talks.open_opportunity_value_usd, 0) as open_opportunity_value_usd,
        coalesce(talks.open_quote_count, 0) as open_quote_count
    from customers
    inner join sources
        on customers.customer_id = sources.customer_id
    inner join contactable
        on customers.customer_id = contactable.customer_id
    left join demographics
        on customers.customer_id = demographics.customer_id
    left join preferences
        on customers.customer_id = preferences.customer_id
    left join talks
        on customers.customer_id = talks.owner_id

),

final as (

    select *  -- noqa: RF02
    from profiles
    inner join activity using (customer_id)  -- noqa: ST07

)

select * from final  -- noqa: AM04
order by customer_id asc

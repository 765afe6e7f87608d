-- Grain: one row per profile that customers have and feature of it.
with customers as (

    select * from {{ ref('int_customers__profiled') }}

),

profiles as (

    select
        profile_id,
        customer_kind,
        spending_fifth,
        engagement_level,
        preferred_channel,
        price_sensitivity,
        favourite_category,
        country,
        count(*) as customer_count
    from customers
    group by
        profile_id,
        customer_kind,
        spending_fifth,
        engagement_level,
        preferred_channel,
        price_sensitivity,
        favourite_category,
        country

),

{%- set words = {
    'customer_kind': 'kind of customer', 'spending_fifth': 'fifth by revenue',
    'engagement_level': 'engagement', 'preferred_channel': 'channel',
    'price_sensitivity': 'prices', 'favourite_category': 'category', 'country': 'country'
} %}

final as (

    {%- for column, feature in words.items() %}
        select
            profile_id,
            '{{ feature }}' as feature,
            {{ column }} as feature_value,
            customer_count
        from profiles
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select * from final

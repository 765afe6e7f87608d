-- Grain: one row per customer.
-- A golden value comes from the best-ranked record that has a believable one. A unit (a name, an
-- address) is never mixed from two records, and a complete unit wins over an incomplete one.
{%- set attributes = {
    'name': ['display_name', 'given_name', 'middle_name', 'family_name', 'full_name'],
    'birth_date': ['birth_date'],
    'sex': ['sex'],
    'email': ['email', 'email_raw'],
    'phone': ['phone'],
    'address': [
        'street_raw', 'unit', 'city_raw', 'city', 'region', 'postcode', 'address_country_code'
    ],
    'country': ['country_code'],
    'account': ['account_id'],
} %}
with records as (

    select
        *,
        country_code as address_country_code
    from {{ ref('int_person_records__ranked') }}

),

winners as (

    select
        *,
        coalesce(
            min(
                case
                    when given_name is not null and family_name is not null then survivorship_rank
                end
            ) over (partition by customer_id),
            min(case when display_name is not null then survivorship_rank end)
                over (partition by customer_id)
        ) as name_rank,
        min(case when birth_date is not null then survivorship_rank end)
            over (partition by customer_id) as birth_date_rank,
        min(case when sex is not null then survivorship_rank end)
            over (partition by customer_id) as sex_rank,
        min(case when email is not null then survivorship_rank end)
            over (partition by customer_id) as email_rank,
        min(case when phone is not null then survivorship_rank end)
            over (partition by customer_id) as phone_rank,
        coalesce(
            min(
                case when street_raw is not null and city is not null then survivorship_rank end
            ) over (partition by customer_id),
            min(
                case when street_raw is not null or city is not null then survivorship_rank end
            ) over (partition by customer_id)
        ) as address_rank,
        min(case when country_code is not null then survivorship_rank end)
            over (partition by customer_id) as country_rank,
        min(case when account_id is not null then survivorship_rank end)
            over (partition by customer_id) as account_rank
    from records

),

final as (

    select
        customer_id,
        {%- for attribute, columns in attributes.items() %}
            {%- for column in columns %}
                max(case when survivorship_rank = {{ attribute }}_rank then {{ column }} end)
                    as {{ column }},
            {%- endfor %}
            max(case when survivorship_rank = {{ attribute }}_rank then source_system end)
                as {{ attribute }}_source,
            max(case when survivorship_rank = {{ attribute }}_rank then source_record_id end)
                as {{ attribute }}_source_record_id,
            max(case when survivorship_rank = {{ attribute }}_rank then source_updated_at end)
                as {{ attribute }}_updated_at,
        {%- endfor %}
        count(*) as record_count,
        max(case when is_test_record then 1 else 0 end) = 1 as is_test_account,
        min(source_created_at) as first_recorded_at,
        max(source_updated_at) as profile_updated_at
    from winners
    group by customer_id

)

select * from final

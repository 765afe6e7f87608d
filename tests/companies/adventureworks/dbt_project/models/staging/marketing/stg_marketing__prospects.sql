-- Grain: one row per prospect.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'marketing_prospects')) }}

),

renamed as (

    select
        -- ids
        'prospects:' || prospective_buyer_key as source_record_id,
        'prospects' as source_system,

        -- person
        {{ customer_360.trimmed('first_name') }} as given_name_raw,
        {{ customer_360.trimmed('middle_name') }} as middle_name_raw,
        {{ customer_360.trimmed('last_name') }} as family_name_raw,
        birth_date as birth_date_raw,
        lower({{ customer_360.trimmed('gender') }}) as sex,
        yearly_income as annual_income,

        -- contact points
        {{ customer_360.trimmed('email_address') }} as email_raw,
        -- '1 (11)' is no country's code: such a number can be dialled nowhere
        case
            when phone not like '1 (11)%' then {{ customer_360.trimmed('phone') }}
        end as phone_raw,

        -- address
        {{ customer_360.trimmed("concat_ws(' ', address_line1, address_line2)") }} as street_raw,
        {{ customer_360.trimmed('city') }} as city_raw,
        {{ customer_360.trimmed('state_code') }} as region_raw,
        {{ customer_360.trimmed('postal_code') }} as postcode_raw,
        'US' as country_code
    from source

)

select * from renamed

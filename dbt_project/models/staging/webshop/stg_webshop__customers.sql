-- Grain: one row per registered customer of the web shop.
with source as (

    select * from {{ current_rows(source('landing', 'webshop_customers')) }}

),

renamed as (

    select
        -- ids
        'webshop:' || customer_no as source_record_id,
        'webshop' as source_system,

        -- person
        {{ trimmed('first_name') }} as given_name_raw,
        {{ trimmed('last_name') }} as family_name_raw,
        birth_date as birth_date_raw,

        -- contact points
        {{ trimmed('email') }} as email_raw,
        {{ trimmed('phone') }} as phone_raw,

        -- address
        {{ trimmed('street') }} as street_raw,
        {{ trimmed('city') }} as city_raw,
        {{ trimmed('postcode') }} as postcode_raw,
        upper({{ trimmed('country_code') }}) as country_code,

        -- booleans
        coalesce(is_newsletter, false) as is_newsletter,

        -- timestamps (utc)
        registered_at as source_created_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

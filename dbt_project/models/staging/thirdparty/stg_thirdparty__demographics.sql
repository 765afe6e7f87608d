-- Grain: one row per record of a data vendor.
with source as (

    select * from {{ current_rows(source('landing', 'thirdparty_demographics')) }}

),

renamed as (

    select
        -- ids
        'thirdparty:' || vendor || '/' || vendor_record_id as source_record_id,
        'thirdparty' as source_system,
        vendor,

        -- person
        {{ trimmed('full_name') }} as full_name_raw,
        birth_year as birth_year_raw,

        -- contact points
        {{ trimmed('phone') }} as phone_raw,

        -- address
        {{ trimmed('street') }} as street_raw,
        {{ trimmed('city') }} as city_raw,
        {{ trimmed('postcode') }} as postcode_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- household
        lower({{ trimmed('income_band') }}) as income_band,
        household_size,
        {{ trimmed('interests') }} as interests,

        -- dates
        collected_on as collected_date,
        cast(collected_on as timestamp) as source_updated_at
    from source

)

select * from renamed

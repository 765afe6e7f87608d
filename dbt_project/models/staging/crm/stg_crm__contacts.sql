-- Grain: one row per contact that the CRM has not deleted.
with source as (

    select * from {{ current_rows(source('landing', 'crm_contacts')) }}

),

renamed as (

    select
        -- ids
        'crm:' || contact_id as source_record_id,
        'crm' as source_system,
        {{ trimmed('account_id') }} as account_id,

        -- person
        {{ trimmed('salutation') }} as salutation,
        {{ trimmed('first_name') }} as given_name_raw,
        {{ trimmed('last_name') }} as family_name_raw,
        {{ sex_of('gender') }} as sex,
        birth_date as birth_date_raw,

        -- contact points: the mobile is the person's own, the main line may be a whole office's
        coalesce({{ trimmed('mobile') }}, {{ trimmed('phone') }}) as phone_raw,
        case when {{ trimmed('mobile') }} is not null then {{ trimmed('phone') }} end
            as secondary_phone_raw,
        {{ trimmed('email') }} as email_raw,

        -- address
        {{ trimmed('street') }} as street_raw,
        {{ trimmed('city') }} as city_raw,
        {{ trimmed('region') }} as region_raw,
        {{ trimmed('postal_code') }} as postcode_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- state
        lower({{ trimmed('contact_status') }}) as contact_status,

        -- timestamps (utc)
        created_at as source_created_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

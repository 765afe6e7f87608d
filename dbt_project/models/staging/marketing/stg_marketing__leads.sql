-- Grain: one row per lead.
with source as (

    select * from {{ current_rows(source('landing', 'marketing_leads')) }}

),

renamed as (

    select
        -- ids
        'leads:' || lead_id as source_record_id,
        'leads' as source_system,

        -- person
        {{ trimmed('full_name') }} as full_name_raw,
        {{ trimmed('company') }} as company_name,

        -- contact points
        {{ trimmed('email') }} as email_raw,
        {{ trimmed('phone') }} as phone_raw,

        -- address
        {{ trimmed('city') }} as city_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- state
        lower({{ trimmed('lead_source') }}) as lead_source,
        lower({{ trimmed('lead_status') }}) as lead_status,

        -- timestamps (utc)
        created_at as source_created_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

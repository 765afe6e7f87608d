-- Grain: one row per member whom the loyalty system has not deleted.
with source as (

    select * from {{ current_rows(source('landing', 'loyalty_members')) }}

),

renamed as (

    select
        -- ids
        'loyalty:' || member_id as source_record_id,
        'loyalty' as source_system,
        {{ trimmed('home_store_id') }} as home_store_id,

        -- person
        {{ trimmed('full_name') }} as full_name_raw,
        {{ sex_of('gender') }} as sex,
        birth_date as birth_date_raw,

        -- contact points
        {{ trimmed('email') }} as email_raw,
        {{ trimmed('phone') }} as phone_raw,

        -- address
        {{ trimmed('street') }} as street_raw,
        {{ trimmed('city') }} as city_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- membership
        lower({{ trimmed('tier') }}) as tier,
        points,

        -- timestamps (utc)
        joined_at as source_created_at,
        changed_at as source_updated_at
    from source

)

select * from renamed

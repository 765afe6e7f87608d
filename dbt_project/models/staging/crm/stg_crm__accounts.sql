-- Grain: one row per business account.
with source as (

    select * from {{ current_rows(source('landing', 'crm_accounts')) }}

),

renamed as (

    select
        -- ids
        account_id,
        'crm' as source_system,
        {{ trimmed('parent_account_id') }} as parent_account_id,

        -- business
        {{ trimmed('account_name') }} as account_name,
        {{ trimmed('legal_form') }} as legal_form,
        {{ trimmed('tax_number') }} as tax_number,
        {{ trimmed('industry') }} as industry,
        {{ trimmed('website') }} as website,

        -- contact points and address
        {{ trimmed('phone') }} as phone_raw,
        {{ trimmed('street') }} as street_raw,
        {{ trimmed('city') }} as city_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- timestamps (utc)
        created_at as source_created_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

-- Grain: one row per quote, every revision of an offer for itself.
with source as (

    select * from {{ current_rows(source('landing', 'crm_quotes')) }}

),

renamed as (

    select
        -- ids
        quote_id,
        'crm' as source_system,
        {{ trimmed('opportunity_id') }} as opportunity_id,
        revision_no as revision_number,

        -- state
        lower({{ trimmed('quote_status') }}) as quote_status,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        quoted_amount,

        -- dates
        valid_until as valid_until_date,

        -- timestamps (utc)
        created_at as drafted_at,
        sent_at,
        answered_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

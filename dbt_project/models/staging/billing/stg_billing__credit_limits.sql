-- Grain: one row per credit limit.
with source as (

    select * from {{ current_rows(source('landing', 'billing_credit_limits')) }}

),

renamed as (

    select
        -- ids
        limit_id as credit_limit_id,
        'webshop:' || {{ trimmed('customer_no') }} as source_record_id,
        {{ trimmed('account_id') }} as account_id,

        -- standing
        upper({{ trimmed('rating') }}) as credit_rating,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        credit_limit as credit_limit_amount,

        -- dates
        valid_from as valid_from_date
    from source

)

select * from renamed

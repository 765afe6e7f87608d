-- Grain: one row per invoice.
with source as (

    select * from {{ current_rows(source('landing', 'billing_invoices')) }}

),

renamed as (

    select
        -- ids
        invoice_no as invoice_id,
        'webshop:' || {{ trimmed('customer_no') }} as source_record_id,
        {{ trimmed('account_id') }} as account_id,
        'webshop:' || {{ trimmed('order_no') }} as order_id,

        -- state
        lower({{ trimmed('invoice_status') }}) as invoice_status,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        total_amount as invoice_amount,

        -- dates
        issued_on as issued_date,
        due_on as due_date,

        -- timestamps (utc)
        updated_at as source_updated_at
    from source

)

select * from renamed

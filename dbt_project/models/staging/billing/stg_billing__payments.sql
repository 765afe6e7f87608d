-- Grain: one row per payment.
with source as (

    select * from {{ current_rows(source('landing', 'billing_payments')) }}

),

renamed as (

    select
        -- ids
        payment_id,
        invoice_no as invoice_id,

        -- state
        lower({{ trimmed('payment_method') }}) as payment_method,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        amount as payment_amount,

        -- dates
        paid_on as paid_date
    from source

)

select * from renamed

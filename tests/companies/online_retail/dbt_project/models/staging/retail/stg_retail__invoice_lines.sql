-- Grain: one row per line of an invoice or cancellation, as often as it was delivered.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'retail_invoice_lines')) }}

),

renamed as (

    select
        -- ids
        'retail:' || invoice_no as order_id,
        'retail:' || cast(customer_no as varchar) as source_record_id,
        stock_code as product_id,

        -- text
        {{ customer_360.trimmed('description') }} as product_name,
        {{ customer_360.trimmed('country') }} as country_name,

        -- state
        invoice_no like 'C%' as is_cancellation,

        -- quantities and amounts
        quantity,
        unit_price,
        'GBP' as currency_code,

        -- timestamps (utc)
        invoiced_at as ordered_at
    from source

)

select * from renamed

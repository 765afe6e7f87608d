-- Grain: one row per till receipt.
with source as (

    select * from {{ current_rows(source('landing', 'pos_receipts')) }}

),

renamed as (

    select
        -- ids
        'pos:' || receipt_no as order_id,
        'pos' as source_system,
        'shop' as order_channel,
        {{ trimmed('store_id') }} as store_id,
        {{ trimmed('card_no') }} as card_no,

        -- state
        lower({{ trimmed('payment_method') }}) as payment_method,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        total_amount as order_amount,

        -- timestamps (utc)
        sold_at as ordered_at
    from source

)

select * from renamed

-- Grain: one row per order of the web shop or the app.
with source as (

    select * from {{ current_rows(source('landing', 'webshop_orders')) }}

),

renamed as (

    select
        -- ids
        'webshop:' || order_no as order_id,
        'webshop' as source_system,
        'web' as order_channel,
        case
            when {{ trimmed('customer_no') }} is not null
                then 'webshop:' || {{ trimmed('customer_no') }}
            else 'webshop_guest:' || order_no
        end as source_record_id,
        {{ trimmed('device_id') }} as device_id,

        -- guest
        {{ trimmed('customer_no') }} is null as is_guest,
        {{ trimmed('guest_name') }} as guest_name_raw,
        {{ trimmed('guest_email') }} as guest_email_raw,
        {{ trimmed('guest_phone') }} as guest_phone_raw,
        {{ trimmed('shipping_street') }} as shipping_street_raw,
        {{ trimmed('shipping_city') }} as shipping_city_raw,
        upper({{ trimmed('shipping_country') }}) as shipping_country_code,

        -- state
        lower({{ trimmed('order_status') }}) as order_status,
        lower({{ trimmed('order_status') }}) = 'cancelled' as is_cancelled,
        lower({{ trimmed('order_status') }}) = 'returned' as is_returned,
        lower({{ trimmed('payment_method') }}) as payment_method,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        total_amount as order_amount,

        -- timestamps (utc)
        ordered_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

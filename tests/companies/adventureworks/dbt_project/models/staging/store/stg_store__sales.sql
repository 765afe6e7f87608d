-- Grain: one row per line of an order.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'store_sales')) }}

),

renamed as (

    select
        -- two order numbers were given to two customers each: the customer makes them two orders
        'store:' || order_number || ':' || customer_key as order_id,
        order_line_item,
        'store:' || customer_key as source_record_id,
        product_key as product_id,
        order_quantity as quantity,
        cast(order_date as timestamp) as ordered_at
    from source

)

select * from renamed

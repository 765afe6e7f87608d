-- Grain: one row per line of a web shop order.
with source as (

    select * from {{ current_rows(source('landing', 'webshop_order_lines')) }}

),

renamed as (

    select
        -- ids
        'webshop:' || order_no || ':' || cast(line_no as {{ dbt.type_string() }}) as order_line_id,
        'webshop:' || order_no as order_id,
        product_id,

        -- quantities and amounts
        quantity,
        unit_price,
        discount_amount
    from source

)

select * from renamed

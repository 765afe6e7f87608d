-- Grain: one row per line of a till receipt.
with source as (

    select * from {{ current_rows(source('landing', 'pos_receipt_lines')) }}

),

renamed as (

    select
        -- ids
        'pos:' || receipt_no || ':' || cast(line_no as {{ dbt.type_string() }}) as order_line_id,
        'pos:' || receipt_no as order_id,
        product_id,

        -- quantities and amounts
        quantity,
        unit_price
    from source

)

select * from renamed

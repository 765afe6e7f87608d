-- Grain: one row per product.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'store_products')) }}

),

renamed as (

    select
        product_key as product_id,
        product_name,
        model_name as category,
        product_subcategory_key as subcategory,
        product_price as price_usd,
        product_cost as cost_usd
    from source

)

select * from renamed

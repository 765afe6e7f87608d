-- Grain: one row per product of the catalogue.
with source as (

    select * from {{ current_rows(source('landing', 'webshop_products')) }}

),

renamed as (

    select
        -- ids
        product_id,

        -- text
        {{ trimmed('product_name') }} as product_name,
        lower({{ trimmed('category') }}) as category,
        lower({{ trimmed('subcategory') }}) as subcategory,
        {{ trimmed('brand') }} as brand,

        -- amounts
        price_usd,
        cost_usd
    from source

)

select * from renamed

-- Grain: one row per product.
with products as (

    select * from {{ ref('int_products__unioned') }}

),

final as (

    select
        product_id,
        product_name,
        category,
        subcategory,
        brand,
        cast(price_usd as decimal(18, 2)) as price_usd,
        cast(cost_usd as decimal(18, 2)) as cost_usd
    from products

)

select * from final
order by product_id asc

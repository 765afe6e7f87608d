-- Grain: one row per line of an order.
-- The sales files have no amounts: a line is worth its pieces at list price.
with sales as (

    select * from {{ ref('stg_store__sales') }}

),

products as (

    select * from {{ ref('stg_store__products') }}

),

final as (

    select
        sales.order_id || ':' || cast(sales.order_line_item as varchar) as order_line_id,
        sales.order_id,
        sales.source_record_id,
        sales.product_id,
        sales.ordered_at,
        sales.quantity,
        products.price_usd as unit_price,
        cast(round(sales.quantity * products.price_usd, 2) as decimal(18, 2)) as line_amount
    from sales
    left join products
        on sales.product_id = products.product_id

)

select * from final

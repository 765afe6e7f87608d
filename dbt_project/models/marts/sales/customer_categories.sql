-- Grain: one row per customer and product category it ever bought from.
with order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

bought as (

    select
        order_lines.customer_id,
        coalesce(products.category, 'unknown') as category,
        order_lines.order_id,
        order_lines.product_id,
        order_lines.ordered_at,
        order_lines.is_return,
        order_lines.quantity,
        order_lines.line_amount_usd,
        order_lines.margin_usd
    from order_lines
    left join products
        on order_lines.product_id = products.product_id
    where
        order_lines.customer_id is not null
        and not order_lines.is_cancelled
        and not order_lines.is_in_future

),

summed as (

    select
        customer_id,
        category,
        count(distinct case when not is_return then order_id end) as order_count,
        count(distinct case when not is_return then product_id end) as product_count,
        cast(sum(quantity) as bigint) as item_count,
        cast(sum(line_amount_usd) as decimal(18, 2)) as revenue_usd,
        cast(sum(margin_usd) as decimal(18, 2)) as margin_usd,
        max(case when not is_return then ordered_at end) as last_ordered_at
    from bought
    group by customer_id, category

),

final as (

    select
        customer_id,
        category,
        order_count,
        product_count,
        item_count,
        revenue_usd,
        margin_usd,
        last_ordered_at,
        cast(
            round(
                greatest(revenue_usd, 0)
                / nullif(sum(greatest(revenue_usd, 0)) over (partition by customer_id), 0),
                4
            ) as decimal(9, 4)
        ) as revenue_share,
        cast(
            row_number() over (
                partition by customer_id
                order by
                    revenue_usd desc,
                    last_ordered_at desc nulls last,
                    category asc  -- total order: reruns pick the same row
            ) as bigint
        ) as category_rank
    from summed

)

select * from final
order by customer_id asc, category_rank asc

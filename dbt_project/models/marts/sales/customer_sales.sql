-- Grain: one row per customer that ever bought.
with purchases as (

    select * from {{ ref('int_customer_purchases__spaced') }}

),

orders as (

    select * from {{ ref('int_customer_orders__aggregated') }}

),

categories as (

    select * from {{ ref('customer_categories') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

talks as (

    select * from {{ ref('int_open_opportunities__summed') }}
    where owner_kind = 'customer'

),

baskets as (

    select
        customer_id,
        count(distinct order_id) as basket_count,
        count(distinct product_id) as product_count,
        count(*) as line_count,
        sum(quantity) as item_count,
        count(case when price_difference_usd < 0 then 1 end) as discounted_line_count
    from order_lines
    where
        customer_id is not null
        and not is_return
        and not is_cancelled
        and not is_in_future
    group by customer_id

),

earned as (

    select
        customer_id,
        count(*) as category_count,
        sum(margin_usd) as margin_usd,
        sum(case when margin_usd is not null then revenue_usd end) as costed_revenue_usd,
        max(case when category_rank = 1 then category end) as top_category,
        max(case when category_rank = 1 then revenue_share end) as top_category_share
    from categories
    group by customer_id

),

final as (

    select
        purchases.customer_id,
        purchases.purchase_count,
        purchases.purchase_day_count,
        purchases.first_purchase_date,
        purchases.last_purchase_date,
        cast({{ dbt.datediff('purchases.last_purchase_date', 'purchases.today', 'day') }} as bigint)
            as days_since_purchase,
        purchases.purchase_interval_days,
        purchases.next_purchase_basis,
        purchases.next_purchase_due_date,
        purchases.next_purchase_due_date < purchases.today as is_purchase_overdue,
        orders.revenue_usd,
        cast(earned.margin_usd as decimal(18, 2)) as margin_usd,
        cast(round(earned.margin_usd / nullif(earned.costed_revenue_usd, 0), 4) as decimal(18, 4))
            as margin_share,
        cast(round(orders.revenue_usd / purchases.purchase_count, 2) as decimal(18, 2))
            as average_purchase_usd,
        cast(round(baskets.item_count / baskets.basket_count, 2) as decimal(18, 2))
            as average_basket_items,
        coalesce(baskets.product_count, 0) as product_count,
        coalesce(earned.category_count, 0) as category_count,
        earned.top_category,
        earned.top_category_share,
        cast(round(baskets.discounted_line_count / baskets.line_count, 4) as decimal(9, 4))
            as discounted_line_share,
        cast(
            round(orders.returned_order_count / nullif(orders.order_count, 0), 4) as decimal(9, 4)
        ) as returned_order_share,
        coalesce(talks.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(talks.open_opportunity_value_usd, 0) as open_opportunity_value_usd,
        coalesce(talks.open_quote_count, 0) as open_quote_count
    from purchases
    inner join orders
        on purchases.customer_id = orders.customer_id
    left join baskets
        on purchases.customer_id = baskets.customer_id
    left join earned
        on purchases.customer_id = earned.customer_id
    left join talks
        on purchases.customer_id = talks.owner_id

)

select * from final
order by customer_id asc

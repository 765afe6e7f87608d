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
    where
        customer_id is not null
        and not is_cancelled
        and not is_in_future

),

baskets as (

    select
        customer_id,
        count(distinct order_id) as basket_count,
        count(distinct product_id) as product_count,
        sum(quantity) as item_count,
        -- what a source says was taken off: the list price may have risen since, local prices are
        -- rounded; a single basket makes no habit
        case
            when count(distinct case when discount_amount is not null then order_id end) >= 2
                then count(case when discount_amount > 0 then 1 end) / count(discount_amount)
        end as discounted_line_share
    from order_lines
    where not is_return
    group by customer_id

),

costed as (

    select
        customer_id,
        sum(margin_usd) as margin_usd,
        sum(line_amount_usd) as revenue_usd
    from order_lines
    where margin_usd is not null
    group by customer_id

),

earned as (

    select
        customer_id,
        count(*) as category_count,
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
        cast(costed.margin_usd as decimal(18, 2)) as margin_usd,
        cast(round(costed.margin_usd / nullif(costed.revenue_usd, 0), 4) as decimal(18, 4))
            as margin_share,
        cast(round(orders.revenue_usd / purchases.purchase_count, 2) as decimal(18, 2))
            as average_purchase_usd,
        cast(round(baskets.item_count / baskets.basket_count, 2) as decimal(18, 2))
            as average_basket_items,
        coalesce(baskets.product_count, 0) as product_count,
        coalesce(earned.category_count, 0) as category_count,
        earned.top_category,
        earned.top_category_share,
        cast(round(baskets.discounted_line_share, 4) as decimal(9, 4)) as discounted_line_share,
        -- the receipt of a return does not say which purchase it takes back
        cast(
            least(round(orders.returned_order_count / nullif(orders.order_count, 0), 4), 1)
            as decimal(9, 4)
        ) as returned_order_share
    from purchases
    inner join orders
        on purchases.customer_id = orders.customer_id
    left join baskets
        on purchases.customer_id = baskets.customer_id
    left join costed
        on purchases.customer_id = costed.customer_id
    left join earned
        on purchases.customer_id = earned.customer_id

)

select * from final
order by customer_id asc

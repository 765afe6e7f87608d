-- Grain: one row per customer: levels, predictions and the points of a lead.
with customers as (

    select * from {{ ref('customer_360') }}

),

sales as (

    select * from {{ ref('customer_sales') }}

),

predicted as (

    select * from {{ ref('int_buyers__predicted') }}

),

habits as (

    select * from {{ ref('int_customer_habits__observed') }}

),

next_products as (

    select * from {{ ref('customer_next_products') }}
    where place = 1

),

final as (

    select
        customers.customer_id,
        customers.rfm_segment,
        customers.rfm_recency_score,
        customers.rfm_frequency_score,
        customers.rfm_monetary_score,
        case
            when habits.customer_id is null then 'none'
            when habits.active_days_90 >= 6 then 'high'
            when habits.active_days_90 >= 2 then 'medium'
            when habits.active_days_90 = 1 then 'low'
            else 'dormant'
        end as engagement_level,
        coalesce(customers.preferred_channel, habits.most_used_channel) as preferred_channel,
        case
            when customers.preferred_channel is not null then 'stated'
            when habits.most_used_channel is not null then 'observed'
        end as preferred_channel_basis,
        habits.preferred_weekday,
        habits.preferred_hour,
        habits.emails_sent_30_days,
        case
            when sales.purchase_count < 2 or sales.discounted_line_share is null then 'not_known'
            when sales.discounted_line_share >= 0.6 then 'waits_for_offers'
            when sales.discounted_line_share >= 0.2 then 'takes_offers'
            else 'pays_full_price'
        end as price_sensitivity,
        sales.top_category as favourite_category,
        predicted.probability_alive,
        predicted.expected_purchases_365_days,
        predicted.lifetime_value_365_days_usd,
        predicted.churn_risk,
        nullif(predicted.churn_reasons, '') as churn_reasons,
        next_products.product_id as next_product_id,
        next_products.reason as next_product_reason,
        customers.order_count = 0 as is_lead,
        case when habits.carts_90_days > 0 then 40 else 0 end as cart_points,
        least(5 * coalesce(habits.active_days_90, 0), 30) as visit_points,
        case when customers.email_clicks_90_days > 0 then 20 else 0 end as click_points,
        case when customers.is_contactable_email then 10 else 0 end as contact_points,
        coalesce(customers.open_ticket_count, 0) as open_ticket_count
    from customers
    left join sales
        on customers.customer_id = sales.customer_id
    left join predicted
        on
            customers.customer_id = predicted.customer_id
            and predicted.view_name = 'now'
    left join habits
        on customers.customer_id = habits.customer_id
    left join next_products
        on customers.customer_id = next_products.customer_id

)

select * from final

-- Grain: one row per customer: what it bought, did, asked and owes.
{%- set engagement_counts = [
    'email_opens', 'email_clicks', 'web_visits', 'app_visits', 'shop_visits', 'support_contacts',
    'social_mentions'
] %}
with customers as (

    select * from {{ ref('int_customers__golden') }}

),

orders as (

    select * from {{ ref('int_customer_orders__aggregated') }}

),

rfm as (

    select * from {{ ref('int_customer_rfm__scored') }}

),

engagement as (

    select * from {{ ref('int_customer_engagement__aggregated') }}

),

tickets as (

    select * from {{ ref('customer_service') }}

),

debtors as (

    select * from {{ ref('int_debtors__assessed') }}
    where debtor_kind = 'customer'

),

final as (

    select
        customers.customer_id,

        -- orders and value
        least(customers.first_recorded_at, orders.first_order_at) as customer_since,
        coalesce(orders.order_count, 0) as order_count,
        coalesce(orders.cancelled_order_count, 0) as cancelled_order_count,
        coalesce(orders.returned_order_count, 0) as returned_order_count,
        {%- for amount in [
            'ordered_amount_usd', 'cancelled_amount_usd', 'returned_amount_usd', 'revenue_usd'
        ] %}
            cast(coalesce(orders.{{ amount }}, 0) as decimal(18, 2)) as {{ amount }},
        {%- endfor %}
        cast(round(orders.revenue_usd / nullif(orders.order_count, 0), 2) as decimal(18, 2))
            as average_order_value_usd,
        orders.first_order_at,
        orders.last_order_at,
        rfm.recency_days as rfm_recency_days,
        rfm.recency_score as rfm_recency_score,
        rfm.frequency_score as rfm_frequency_score,
        rfm.monetary_score as rfm_monetary_score,
        coalesce(rfm.segment, 'never_bought') as rfm_segment,
        case
            when coalesce(orders.order_count, 0) = 0 then 'prospect'
            when rfm.recency_days > 365 then 'lost'
            when rfm.recency_days > 180 then 'lapsing'
            when
                rfm.recency_days
                + {{ dbt.datediff('orders.first_order_at', 'orders.last_order_at', 'day') }} <= 90
                then 'new'
            else 'active'
        end as activity_state,

        -- engagement
        coalesce(engagement.interaction_count, 0) as interaction_count,
        {%- for days in [90, 365] %}
            {%- for measure in engagement_counts %}
                coalesce(engagement.{{ measure }}_{{ days }}_days, 0)
                    as {{ measure }}_{{ days }}_days,
            {%- endfor %}
        {%- endfor %}
        {%- for channel in ['email', 'web', 'app', 'shop', 'support', 'social'] %}
            engagement.last_{{ channel }}_at,
        {%- endfor %}
        engagement.last_interaction_at,

        -- service
        coalesce(tickets.ticket_count, 0) as ticket_count,
        coalesce(tickets.open_ticket_count, 0) as open_ticket_count,
        tickets.last_ticket_opened_at,
        tickets.average_satisfaction,

        -- credit
        cast(debtors.credit_limit_usd as decimal(18, 2)) as credit_limit_usd,
        debtors.credit_rating,
        cast(coalesce(debtors.outstanding_amount_usd, 0) as decimal(18, 2))
            as outstanding_amount_usd,
        cast(coalesce(debtors.overdue_amount_usd, 0) as decimal(18, 2)) as overdue_amount_usd,
        coalesce(debtors.credit_standing, 'no_credit') as credit_standing
    from customers
    left join orders
        on customers.customer_id = orders.customer_id
    left join rfm
        on customers.customer_id = rfm.customer_id
    left join engagement
        on customers.customer_id = engagement.customer_id
    left join tickets
        on customers.customer_id = tickets.customer_id
    left join debtors
        on customers.customer_id = debtors.debtor_id

)

select * from final

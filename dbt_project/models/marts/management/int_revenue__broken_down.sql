-- Grain: one row per order of the last 60 days and breakdown; per line for category and product.
with orders as (

    select * from {{ ref('fct_orders') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

scores_then as (

    select * from {{ ref('int_customer_rfm__viewed') }}
    where view_name = 'then'

),

clock as (

    select {{ as_of() }} as as_of

),

dated as (

    select
        orders.order_id,
        orders.customer_id,
        orders.revenue_usd,
        orders.order_channel,
        not orders.is_return_only as is_purchase,
        orders.ordered_at > clock.as_of - interval '30' day as is_latest,
        -- of the day before both periods: by today's, whoever bought in the latest one has risen
        case
            when customers.customer_id is null then 'not_known'
            else coalesce(scores_then.segment, 'not_yet_bought')
        end as segment,
        coalesce(customers.country_code, 'not_known') as country,
        case
            when customers.first_order_at is null then 'not_known'
            when customers.first_order_at > clock.as_of - interval '30' day then 'new'
            when
                customers.first_order_at > clock.as_of - interval '60' day
                and orders.ordered_at <= clock.as_of - interval '30' day then 'new'
            else 'returning'
        end as newness
    from orders
    cross join clock
    left join customers
        on orders.customer_id = customers.customer_id
    left join scores_then
        on orders.customer_id = scores_then.customer_id
    where
        orders.ordered_at > clock.as_of - interval '60' day
        and not orders.is_cancelled
        and not orders.is_in_future

),

final as (

    {%- for breakdown, member in {
        'all': "'all'", 'segment': 'segment', 'channel': 'order_channel', 'country': 'country',
        'customer': 'newness'
    }.items() %}
        select
            '{{ breakdown }}' as breakdown,
            {{ member }} as member,
            is_latest,
            is_purchase,
            order_id,
            customer_id,
            revenue_usd
        from dated
        union all
    {%- endfor %}
    {%- for breakdown, member in {
        'category': 'products.category',
        'product': "products.product_name || ' (' || order_lines.product_id || ')', "
            ~ "order_lines.product_id"
    }.items() %}
        select
            '{{ breakdown }}' as breakdown,
            coalesce({{ member }}, 'not_known') as member,
            dated.is_latest,
            dated.is_purchase and not order_lines.is_return as is_purchase,
            dated.order_id,
            dated.customer_id,
            order_lines.line_amount_usd as revenue_usd
        from dated
        inner join order_lines
            on dated.order_id = order_lines.order_id
        left join products
            on order_lines.product_id = products.product_id
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select * from final

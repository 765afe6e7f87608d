-- Grain: one row per breakdown (all, segment, channel, country, category) and member: the last 30
-- days against the 30 before, and how much of the whole change it makes up.
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

clock as (

    select {{ as_of() }} as as_of

),

dated as (

    select
        orders.order_id,
        orders.customer_id,
        orders.revenue_usd,
        orders.order_channel,
        orders.ordered_at > clock.as_of - interval '30' day as is_latest,
        coalesce(customers.rfm_segment, 'not_known') as segment,
        coalesce(customers.country_code, 'not_known') as country
    from orders
    cross join clock
    left join customers
        on orders.customer_id = customers.customer_id
    where
        orders.ordered_at > clock.as_of - interval '60' day
        and not orders.is_cancelled
        and not orders.is_in_future

),

amounts as (

    {%- for breakdown, member in {
        'all': "'all'", 'segment': 'segment', 'channel': 'order_channel', 'country': 'country'
    }.items() %}
        select
            '{{ breakdown }}' as breakdown,
            {{ member }} as member,
            is_latest,
            order_id,
            customer_id,
            revenue_usd
        from dated
        union all
    {%- endfor %}
    select
        'category' as breakdown,
        coalesce(products.category, 'not_known') as member,
        dated.is_latest,
        dated.order_id,
        dated.customer_id,
        order_lines.line_amount_usd as revenue_usd
    from dated
    inner join order_lines
        on dated.order_id = order_lines.order_id
    left join products
        on order_lines.product_id = products.product_id

),

summed as (

    select
        breakdown,
        member,
        {%- for period, condition in {'latest': 'is_latest', 'previous': 'not is_latest'}.items() %}
            coalesce(sum(case when {{ condition }} then revenue_usd end), 0)
                as {{ period }}_revenue_usd,
            count(distinct case when {{ condition }} then order_id end) as {{ period }}_order_count,
            count(distinct case when {{ condition }} then customer_id end)
                as {{ period }}_customer_count{{ "," if not loop.last }}
        {%- endfor %}
    from amounts
    group by breakdown, member

),

final as (

    select
        breakdown || ':' || member as change_id,
        breakdown,
        member,
        cast(latest_revenue_usd as decimal(18, 2)) as latest_revenue_usd,
        cast(previous_revenue_usd as decimal(18, 2)) as previous_revenue_usd,
        cast(latest_revenue_usd - previous_revenue_usd as decimal(18, 2)) as change_usd,
        cast(
            round(
                (latest_revenue_usd - previous_revenue_usd) / nullif(abs(previous_revenue_usd), 0),
                4
            ) as decimal(18, 4)
        ) as change_share,
        cast(
            round(
                (latest_revenue_usd - previous_revenue_usd)
                / nullif(
                    abs(sum(latest_revenue_usd - previous_revenue_usd)
                        over (partition by breakdown)),
                    0
                ),
                4
            ) as decimal(18, 4)
        ) as part_of_change,
        latest_order_count,
        previous_order_count,
        latest_customer_count,
        previous_customer_count
    from summed

)

select * from final
order by change_id asc

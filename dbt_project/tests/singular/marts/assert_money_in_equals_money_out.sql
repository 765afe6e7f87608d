-- Revenue is quoted from three tables: all must tell the same dollars, to the cent.
with conformed as (

    select coalesce(sum(order_amount_usd), 0) as amount_usd
    from {{ ref('int_orders__unioned') }}

),

orders as (

    select
        coalesce(sum(order_amount_usd), 0) as order_amount_usd,
        coalesce(sum(ordered_amount_usd - returned_amount_usd), 0) as kept_amount_usd,
        coalesce(sum(revenue_usd + cancelled_amount_usd + pending_amount_usd), 0) as accounted_amount_usd,
        coalesce(sum(case when customer_id is not null then revenue_usd end), 0)
            as customer_revenue_usd
    from {{ ref('fct_orders') }}

),

customers as (

    select coalesce(sum(revenue_usd), 0) as revenue_usd
    from {{ ref('customer_360') }}

)

select
    conformed.amount_usd,
    orders.order_amount_usd,
    orders.kept_amount_usd,
    orders.accounted_amount_usd,
    orders.customer_revenue_usd,
    customers.revenue_usd
from conformed
cross join orders
cross join customers
where
    conformed.amount_usd <> orders.order_amount_usd
    or orders.order_amount_usd <> orders.kept_amount_usd
    or orders.order_amount_usd <> orders.accounted_amount_usd
    or orders.customer_revenue_usd <> customers.revenue_usd

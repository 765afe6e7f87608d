-- Grain: one row per order whose customer met a campaign in the 30 days before it.
-- Last touch: the order belongs to the campaign of the last click or campaign visit before it.
with orders as (

    select * from {{ ref('fct_orders') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

touches as (

    select
        interaction_id,
        customer_id,
        campaign_id,
        occurred_at
    from timeline
    where
        campaign_id is not null
        and (
            (channel = 'email' and interaction_type = 'click')
            or channel in ('web', 'app')
        )

),

ranked as (

    select
        orders.order_id,
        orders.revenue_usd,
        touches.campaign_id,
        touches.occurred_at as touched_at,
        row_number() over (
            partition by orders.order_id
            order by
                touches.occurred_at desc,
                touches.interaction_id asc  -- total order: reruns pick the same row
        ) as touch_rank
    from orders
    inner join touches
        on
            orders.customer_id = touches.customer_id
            and orders.ordered_at >= touches.occurred_at
            and orders.ordered_at < touches.occurred_at + interval '30' day
    where not orders.is_cancelled

),

final as (

    select
        order_id,
        campaign_id,
        touched_at,
        revenue_usd
    from ranked
    where touch_rank = 1

)

select * from final

-- Grain: one row per order, view of who is who, and campaign touch that had a part in the order.
-- Five rules side by side; the parts of an order's touches add up to one under each of them.
with touches as (

    select * from {{ ref('int_campaign_touches__known') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

placed as (

    select
        touches.identity_view,
        touches.order_id,
        touches.interaction_id,
        touches.campaign_id,
        touches.touched_at,
        orders.customer_id,
        orders.ordered_at,
        orders.order_channel,
        orders.revenue_usd,
        {{ dbt.datediff('touches.touched_at', 'orders.ordered_at', 'hour') }} / 24.0
            as days_before_order,
        row_number() over (
            partition by touches.identity_view, touches.order_id
            order by
                touches.touched_at asc,
                touches.interaction_id desc  -- total order: reruns pick the same row
        ) as touch_number,
        count(*) over (partition by touches.identity_view, touches.order_id) as touch_count
    from touches
    inner join orders
        on touches.order_id = orders.order_id

),

weighed as (

    select
        *,
        case when touch_number = 1 then 1.0 else 0.0 end as first_touch_share,
        case when touch_number = touch_count then 1.0 else 0.0 end as last_touch_share,
        1.0 / touch_count as linear_share,
        power(0.5, days_before_order / {{ var('attribution_half_life_days') }}) as decayed,
        case
            when touch_count = 1 then 1.0
            when touch_count = 2 then 0.5
            when touch_number in (1, touch_count) then 0.4
            else 0.2 / (touch_count - 2)
        end as position_share
    from placed

),

final as (

    select
        identity_view,
        order_id,
        interaction_id,
        campaign_id,
        customer_id,
        order_channel,
        touched_at,
        ordered_at,
        cast(round(days_before_order, 2) as decimal(9, 2)) as days_before_order,
        touch_number,
        touch_count,
        revenue_usd,
        cast(first_touch_share as decimal(12, 10)) as first_touch_share,
        cast(last_touch_share as decimal(12, 10)) as last_touch_share,
        cast(linear_share as decimal(12, 10)) as linear_share,
        cast(
            decayed
            / sum(decayed) over (
                partition by identity_view, order_id
                order by touch_number asc
                rows between unbounded preceding and unbounded following
            ) as decimal(12, 10)
        ) as time_decay_share,
        cast(position_share as decimal(12, 10)) as position_share
    from weighed

)

select * from final
order by order_id asc, identity_view asc, touch_number asc

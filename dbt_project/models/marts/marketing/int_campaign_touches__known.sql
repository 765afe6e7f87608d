-- Grain: one row per campaign touch, order it may have had a part in, and view of who is who.
-- As known now: by today's customers. As known then: by the device of the order, and by the records
-- that were known to be its buyer's when it was made, with the addresses they have today.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

sales as (

    select * from {{ ref('fct_orders') }}

),

touches as (

    select * from {{ ref('int_campaign_touches__collected') }}

),

known_then as (

    select * from {{ ref('int_purchases__known_then') }}

),

purchases as (

    select
        sales.order_id,
        sales.customer_id,
        sales.ordered_at,
        orders.device_id
    from sales
    inner join orders
        on sales.order_id = orders.order_id
    where
        not sales.is_cancelled
        and not sales.is_return_only
        and not sales.is_in_future

),

{%- set keys = {
    'customer_id': 'now', 'device_id': 'then', 'source_record_id': 'then', 'email': 'then'
} %}

matched as (

    {%- for key, view in keys.items() %}
        {%- set buyers = 'purchases' if key in ['customer_id', 'device_id'] else 'known_then' %}
        select
            'as_known_{{ view }}' as identity_view,
            {{ buyers }}.order_id,
            touches.interaction_id,
            touches.campaign_id,
            touches.touched_at,
            touches.visit_id
        from {{ buyers }}
        inner join touches
            on
                {{ buyers }}.{{ key }} = touches.{{ key }}
                and {{ buyers }}.ordered_at >= touches.touched_at
                and {{ buyers }}.ordered_at
                < touches.touched_at + interval '{{ var("attribution_window_days") }}' day
        {{ "union" if not loop.last }}
    {%- endfor %}

),

-- a visit came by its campaign once, however many of its pages say so
final as (

    select
        identity_view,
        order_id,
        interaction_id,
        campaign_id,
        touched_at
    from matched
    qualify
        row_number() over (
            partition by identity_view, order_id, campaign_id, visit_id
            order by
                touched_at asc,
                interaction_id asc  -- total order: reruns pick the same row
        ) = 1

)

select * from final

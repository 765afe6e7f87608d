-- Grain: one row per campaign touch, order it may have had a part in, and view of who is who.
-- As known now: by today's customers. As known then: by the device of the order, and by the records
-- and addresses that were known to be its buyer's when it was made.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

sales as (

    select * from {{ ref('fct_orders') }}

),

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

known_then as (

    select * from {{ ref('int_purchases__known_then') }}

),

touches as (

    select
        interactions.interaction_id,
        interactions.campaign_id,
        interactions.occurred_at,
        interactions.source_record_id,
        interactions.email,
        interactions.device_id,
        timeline.customer_id
    from interactions
    left join timeline
        on interactions.interaction_id = timeline.interaction_id
    where
        interactions.campaign_id is not null
        and (
            (interactions.channel = 'email' and interactions.interaction_type = 'click')
            or interactions.channel in ('web', 'app')
        )

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
            touches.occurred_at as touched_at
        from {{ buyers }}
        inner join touches
            on
                {{ buyers }}.{{ key }} = touches.{{ key }}
                and {{ buyers }}.ordered_at >= touches.occurred_at
                and {{ buyers }}.ordered_at
                < touches.occurred_at + interval '{{ var("attribution_window_days") }}' day
        {{ "union" if not loop.last }}
    {%- endfor %}

)

select * from matched

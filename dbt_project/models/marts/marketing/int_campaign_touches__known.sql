-- Grain: one row per campaign touch, order it may have had a part in, and view of who is who.
-- As known now: by today's customers. As recorded then: by what the touch itself said, the record,
-- the device or the address of the order, as a company without identity resolution would have it.
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

records as (

    select * from {{ ref('int_person_records__normalised') }}

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
        orders.source_record_id,
        orders.device_id,
        records.email
    from sales
    inner join orders
        on sales.order_id = orders.order_id
    left join records
        on orders.source_record_id = records.source_record_id
    where
        not sales.is_cancelled
        and not sales.is_return_only
        and not sales.is_in_future

),

{%- set keys = {
    'customer_id': 'now', 'source_record_id': 'then', 'device_id': 'then', 'email': 'then'
} %}

matched as (

    {%- for key, view in keys.items() %}
        select
            'as_known_{{ view }}' as identity_view,
            purchases.order_id,
            touches.interaction_id,
            touches.campaign_id,
            touches.occurred_at as touched_at
        from purchases
        inner join touches
            on
                purchases.{{ key }} = touches.{{ key }}
                and purchases.ordered_at >= touches.occurred_at
                and purchases.ordered_at
                < touches.occurred_at + interval '{{ var("attribution_window_days") }}' day
        {{ "union" if not loop.last }}
    {%- endfor %}

)

select * from matched

-- Grain: one row per visit that put something into the basket and led to a purchase in time.
{%- set in_time %}
            and visits.started_at <= bought.ordered_at
            and bought.ordered_at
            <= visits.ended_at + interval '{{ var("cart_abandoned_after_hours") }}' hour
{%- endset %}
with sessions as (

    select * from {{ ref('fct_sessions') }}

),

events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

carted as (

    select distinct
        {{ session_id() }} as session_id,
        device_id
    from events
    where interaction_type = 'cart'

),

visits as (

    select
        carted.session_id,
        carted.device_id,
        sessions.customer_id,
        sessions.started_at,
        sessions.ended_at
    from carted
    inner join sessions
        on carted.session_id = sessions.session_id

),

bought as (

    select distinct
        order_lines.customer_id,
        orders.device_id,
        order_lines.ordered_at
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    where not order_lines.is_return and not order_lines.is_cancelled

),

final as (

    select visits.session_id
    from visits
    inner join bought
        on
            visits.customer_id = bought.customer_id
            {{- in_time }}

    union

    -- the device tells where nobody knows who looked, or who bought
    select visits.session_id
    from visits
    inner join bought
        on
            visits.device_id = bought.device_id
            and (visits.customer_id is null or bought.customer_id is null)
            {{- in_time }}

)

select * from final

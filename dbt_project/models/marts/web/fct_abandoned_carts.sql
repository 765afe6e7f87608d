-- Grain: one row per visit that put something into the basket and led to no purchase.
with events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

bought_in_time as (

    select * from {{ ref('int_carts__bought') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

clock as (

    select {{ as_of() }} as as_of

),

-- not every shop says which product it was
carted as (

    select distinct
        {{ session_id() }} as session_id,
        subject as product_id
    from events
    where interaction_type = 'cart'

),

waiting as (

    select sessions.*
    from sessions
    left join bought_in_time
        on sessions.session_id = bought_in_time.session_id
    cross join clock
    where
        sessions.furthest_step = 'cart'
        and bought_in_time.session_id is null
        -- a basket of this morning may still be bought
        and sessions.ended_at
        < clock.as_of - interval '{{ var("cart_abandoned_after_hours") }}' hour

),

final as (

    select
        waiting.session_id,
        waiting.customer_id,
        waiting.recorded_customer_id,
        waiting.channel,
        waiting.ended_at as abandoned_at,
        waiting.campaign_id,
        count(carted.product_id) as product_count,
        {{ dbt.listagg('carted.product_id', "','", 'order by carted.product_id asc') }}
            as product_ids,
        cast(sum(products.price_usd) as decimal(18, 2)) as list_value_usd,
        waiting.customer_id is not null as can_be_reminded
    from waiting
    inner join carted
        on waiting.session_id = carted.session_id
    left join products
        on carted.product_id = products.product_id
    group by
        waiting.session_id,
        waiting.customer_id,
        waiting.recorded_customer_id,
        waiting.channel,
        waiting.ended_at,
        waiting.campaign_id

)

select * from final
order by session_id asc

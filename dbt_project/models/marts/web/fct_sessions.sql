-- Grain: one row per visit to the web site or the app.
with events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

final as (

    select
        {{ session_id() }} as session_id,
        min(channel) as channel,
        -- a device of one customer is that customer's, before the first login too; a visit in
        -- which two people logged in is nobody's
        case when min(customer_id) = max(customer_id) then min(customer_id) end as customer_id,
        case
            when min(recorded_customer_id) = max(recorded_customer_id)
                then min(recorded_customer_id)
        end as recorded_customer_id,
        session_started_at as started_at,
        max(occurred_at) as ended_at,
        cast(
            {{ dbt.datediff('session_started_at', 'max(occurred_at)', 'second') }} as bigint
        ) as duration_seconds,
        count(*) as event_count,
        {%- for type in ['login', 'search', 'view', 'cart', 'purchase'] %}
            count(case when interaction_type = '{{ type }}' then 1 end) as {{ type }}_count,
        {%- endfor %}
        count(distinct case when interaction_type = 'view' then subject end)
            as viewed_product_count,
        min(campaign_id) as campaign_id,
        count(*) = 1 as is_bounce,
        case
            when count(case when interaction_type = 'purchase' then 1 end) > 0 then 'purchase'
            when count(case when interaction_type = 'cart' then 1 end) > 0 then 'cart'
            when count(case when interaction_type in ('view', 'search') then 1 end) > 0
                then 'view'
            else 'visit'
        end as furthest_step
    from events
    group by device_id, session_started_at

)

select * from final
order by session_id asc

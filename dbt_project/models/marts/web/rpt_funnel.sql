-- Grain: one row per month and channel (web, app): how many visits reached each step.
with sessions as (

    select * from {{ ref('fct_sessions') }}

),

stepped as (

    select
        cast({{ dbt.date_trunc('month', 'started_at') }} as date) as month_date,
        channel,
        customer_id,
        recorded_customer_id,
        is_bounce,
        furthest_step in ('view', 'cart', 'purchase') as has_looked,
        furthest_step in ('cart', 'purchase') as has_carted,
        furthest_step = 'purchase' as has_bought
    from sessions

),

counted as (

    select
        month_date,
        channel,
        count(*) as session_count,
        count(case when is_bounce then 1 end) as bounce_count,
        count(customer_id) as known_session_count,
        count(recorded_customer_id) as recorded_session_count,
        count(case when has_looked then 1 end) as looked_session_count,
        count(case when has_carted then 1 end) as carted_session_count,
        count(case when has_bought then 1 end) as bought_session_count
    from stepped
    group by month_date, channel

),

final as (

    select
        cast(month_date as {{ dbt.type_string() }}) || ':' || channel as funnel_id,
        *,
        cast(round(bought_session_count / session_count, 4) as decimal(9, 4)) as conversion_share,
        cast(
            round(1 - bought_session_count / nullif(carted_session_count, 0), 4) as decimal(9, 4)
        ) as abandoned_share
    from counted

)

select * from final
order by funnel_id asc

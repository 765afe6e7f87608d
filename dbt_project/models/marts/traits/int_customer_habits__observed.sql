-- Grain: one row per customer with at least one interaction, when and where and how often.
with aged as (

    select * from {{ ref('int_interactions__localised') }}

),

counted as (

    {%- set columns = {'channel': 'channel', 'weekday': 'weekday', 'hour': 'local_hour'} %}
    {%- for dimension, column in columns.items() %}
        select
            customer_id,
            '{{ dimension }}' as dimension,
            cast({{ column }} as {{ dbt.type_string() }}) as habit,
            count(*) as times
        from aged
        where is_own_doing
        group by customer_id, {{ column }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

favourite as (

    select
        customer_id,
        dimension,
        habit,
        row_number() over (
            partition by customer_id, dimension
            order by
                times desc,
                habit asc  -- total order: reruns pick the same row
        ) as habit_rank
    from counted

),

habits as (

    select
        customer_id,
        max(case when dimension = 'channel' then habit end) as most_used_channel,
        cast(max(case when dimension = 'weekday' then habit end) as bigint) as preferred_weekday,
        cast(max(case when dimension = 'hour' then habit end) as bigint) as preferred_hour
    from favourite
    where habit_rank = 1
    group by customer_id

),

summed as (

    select
        customer_id,
        count(distinct case when is_own_doing and is_within_90_days then cast(local_at as date) end)
            as active_days_90,
        count(case when interaction_type = 'cart' and is_within_90_days then 1 end)
            as carts_90_days,
        count(case when interaction_type = 'send' and is_within_30_days then 1 end)
            as emails_sent_30_days
    from aged
    group by customer_id

),

final as (

    select
        summed.customer_id,
        habits.most_used_channel,
        habits.preferred_weekday,
        habits.preferred_hour,
        summed.active_days_90,
        summed.carts_90_days,
        summed.emails_sent_30_days
    from summed
    left join habits
        on summed.customer_id = habits.customer_id

)

select * from final

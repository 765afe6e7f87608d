-- Grain: one row per breakdown (all, channel), member and whole week with an order in it.
with orders as (

    select * from {{ ref('fct_orders') }}

),

clock as (

    select {{ as_of() }} as as_of

),

dated as (

    select
        orders.order_channel,
        orders.revenue_usd,
        cast({{ dbt.date_trunc('week', 'orders.ordered_at') }} as date) as week_date,
        cast({{ dbt.date_trunc('week', 'clock.as_of') }} - interval '7' day as date)
            as last_week_date
    from orders
    cross join clock
    where
        not orders.is_cancelled
        -- the week of the run is not over yet, and would look like a fall
        and orders.ordered_at < {{ dbt.date_trunc('week', 'clock.as_of') }}

),

final as (

    {%- for breakdown, member in {'all': "'all'", 'channel': 'order_channel'}.items() %}
        select
            '{{ breakdown }}' as breakdown,
            coalesce({{ member }}, 'not_known') as member,
            week_date,
            cast(sum(revenue_usd) as decimal(18, 2)) as revenue_usd,
            max(last_week_date) as last_week_date
        from dated
        group by coalesce({{ member }}, 'not_known'), week_date
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select * from final
order by breakdown asc, member asc, week_date asc

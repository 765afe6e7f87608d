-- Grain: one row per customer and month in which it bought.
with orders as (

    select * from {{ ref('fct_orders') }}

),

purchases as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'ordered_at') }} as date) as month_date,
        count(*) as purchase_count,
        sum(revenue_usd) as revenue_usd
    from orders
    where
        customer_id is not null
        and not is_cancelled
        and not is_return_only
        and not is_in_future
    group by customer_id, cast({{ dbt.date_trunc('month', 'ordered_at') }} as date)

),

final as (

    select
        customer_id,
        month_date,
        purchase_count,
        revenue_usd,
        min(month_date) over (partition by customer_id) as first_month_date,
        lag(month_date) over (partition by customer_id order by month_date asc)
            as previous_month_date,
        lead(month_date) over (partition by customer_id order by month_date asc)
            as next_month_date
    from purchases

)

select * from final

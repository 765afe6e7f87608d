-- Grain: one row per customer with at least one purchase: how far apart its days of purchase lie.
with orders as (

    select * from {{ ref('fct_orders') }}

),

clock as (

    select {{ as_of() }} as as_of

),

days as (

    select
        customer_id,
        cast(ordered_at as date) as purchase_date,
        count(*) as purchase_count,
        sum(revenue_usd) as revenue_usd
    from orders
    where
        customer_id is not null
        and not is_cancelled
        and not is_return_only
        and not is_in_future
    group by customer_id, cast(ordered_at as date)

),

spaced as (

    select
        customer_id,
        purchase_date,
        purchase_count,
        revenue_usd,
        {{ dbt.datediff(
            'lag(purchase_date) over (partition by customer_id order by purchase_date asc)',
            'purchase_date',
            'day'
        ) }} as interval_days
    from days

),

typical as (

    select median(interval_days) as interval_days
    from spaced

),

summed as (

    select
        customer_id,
        count(*) as purchase_day_count,
        min(purchase_date) as first_purchase_date,
        max(purchase_date) as last_purchase_date,
        median(interval_days) as interval_days,
        sum(purchase_count) as purchase_count,
        sum(revenue_usd) as revenue_usd
    from spaced
    group by customer_id

),

final as (

    select
        summed.customer_id,
        cast(summed.purchase_day_count as bigint) as purchase_day_count,
        cast(summed.purchase_count as bigint) as purchase_count,
        summed.first_purchase_date,
        summed.last_purchase_date,
        cast(round(summed.interval_days, 1) as decimal(9, 1)) as purchase_interval_days,
        -- two intervals make a habit; before that the customer is taken for a typical one
        case when summed.purchase_day_count >= 3 then 'own' else 'typical' end
            as next_purchase_basis,
        cast(
            {{ dbt.dateadd(
                'day',
                "cast(round(case when summed.purchase_day_count >= 3 then summed.interval_days "
                ~ "else coalesce(typical.interval_days, 365) end) as integer)",
                'summed.last_purchase_date'
            ) }} as date
        ) as next_purchase_due_date,
        cast(clock.as_of as date) as today
    from summed
    cross join typical
    cross join clock

)

select * from final

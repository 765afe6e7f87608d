-- Grain: one row per month of first purchase and number of months since.
with active_months as (

    select * from {{ ref('int_customer_months__active') }}

),

counted as (

    select
        first_month_date,
        cast({{ dbt.datediff('first_month_date', 'month_date', 'month') }} as bigint)
            as months_since,
        count(*) as active_customer_count,
        sum(purchase_count) as purchase_count,
        sum(revenue_usd) as revenue_usd
    from active_months
    group by
        first_month_date,
        {{ dbt.datediff('first_month_date', 'month_date', 'month') }}

),

final as (

    select
        cast(first_month_date as {{ dbt.type_string() }}) || ':'
        || cast(months_since as {{ dbt.type_string() }}) as cohort_id,
        first_month_date,
        months_since,
        max(case when months_since = 0 then active_customer_count end)
            over (partition by first_month_date) as cohort_customer_count,
        active_customer_count,
        cast(
            round(
                active_customer_count * 1.0
                / max(case when months_since = 0 then active_customer_count end)
                    over (partition by first_month_date),
                4
            ) as decimal(9, 4)
        ) as retained_share,
        cast(purchase_count as bigint) as purchase_count,
        cast(revenue_usd as decimal(18, 2)) as revenue_usd
    from counted

)

select * from final
order by first_month_date asc, months_since asc

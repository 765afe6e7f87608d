-- Grain: one row per month and state that buyers were in at its end.
with active_months as (

    select * from {{ ref('int_customer_months__active') }}

),

clock as (

    select {{ as_of() }} as as_of

),

months as (

    select distinct month_date
    from active_months

),

states as (

    select
        months.month_date,
        active_months.customer_id,
        case
            when
                active_months.month_date = months.month_date
                and active_months.first_month_date = months.month_date then 'new'
            when
                active_months.month_date = months.month_date
                and active_months.previous_month_date
                < months.month_date - interval '6' month then 'returned'
            when active_months.month_date >= months.month_date - interval '2' month then 'active'
            when active_months.month_date >= months.month_date - interval '5' month
                then 'sleeping'
            else 'lost'
        end as customer_state
    from months
    -- the last month of each customer up to the month of the row
    inner join active_months
        on
            months.month_date >= active_months.month_date
            and (
                active_months.next_month_date is null
                or months.month_date < active_months.next_month_date
            )

),

final as (

    select
        cast(month_date as {{ dbt.type_string() }}) || ':' || customer_state as state_id,
        month_date,
        customer_state,
        count(*) as customer_count,
        month_date = (
            select cast({{ dbt.date_trunc('month', 'clock.as_of') }} as date) from clock
        ) as is_unfinished_month
    from states
    group by month_date, customer_state

)

select * from final
order by state_id asc

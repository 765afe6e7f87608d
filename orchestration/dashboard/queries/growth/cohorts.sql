-- Of those who first bought in a month, how many bought again so many months later.
with purchases as (

    select distinct
        customer_id,
        date_trunc('month', ordered_at) as month
    from marts.fct_orders
    where
        customer_id is not null
        and not (is_cancelled or is_return_only or is_in_future)

),

cohorts as (

    select
        month,
        min(month) over (partition by customer_id) as cohort
    from purchases

)

select
    cohorts.cohort,
    date_diff('month', cohorts.cohort, cohorts.month) as months_later,
    count(*) as customers
from cohorts
cross join about.snapshot as snapshot
where cohorts.cohort >= date_trunc('month', snapshot.as_of) - interval 12 month
group by all
order by all

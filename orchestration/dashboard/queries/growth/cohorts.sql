-- Of those who first bought in a month, how many bought again so many months later.
select
    cast(cohorts.first_month_date as timestamp) as cohort,
    cohorts.months_since as months_later,
    cohorts.active_customer_count as customers
from marts.rpt_cohorts as cohorts
cross join about.snapshot as snapshot
where cohorts.first_month_date >= date_trunc('month', snapshot.as_of) - interval 12 month
order by all

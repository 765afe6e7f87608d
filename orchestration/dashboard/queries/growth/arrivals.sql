-- Who came into view, and who bought for the first time, by month; by day first, being cheaper.
with days as (

    select
        cast(customer_since as date) as arrival_date,
        count(*) as known,
        0 as bought
    from marts.customer_360
    where not is_test_account and customer_since is not null
    group by all

    union all

    select
        cast(first_order_at as date) as arrival_date,
        0 as known,
        count(*) as bought
    from marts.customer_360
    where not is_test_account and first_order_at is not null
    group by all

)

select
    cast(date_trunc('month', days.arrival_date) as timestamp) as month,
    cast(sum(days.known) as bigint) as new_customers,
    cast(sum(days.bought) as bigint) as first_purchases
from days
cross join about.snapshot as snapshot
where days.arrival_date >= date_trunc('month', snapshot.as_of) - interval 24 month
group by all
order by all

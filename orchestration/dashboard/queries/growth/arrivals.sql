-- Who came into view, and who bought for the first time, by month.
with months as (

    select
        date_trunc('month', customer_since) as month,
        count(*) as known,
        0 as bought
    from marts.customer_360
    where not is_test_account and customer_since is not null
    group by all

    union all

    select
        date_trunc('month', first_order_at) as month,
        0 as known,
        count(*) as bought
    from marts.customer_360
    where not is_test_account and first_order_at is not null
    group by all

)

select
    months.month,
    cast(sum(months.known) as bigint) as new_customers,
    cast(sum(months.bought) as bigint) as first_purchases
from months
cross join about.snapshot as snapshot
where months.month >= date_trunc('month', snapshot.as_of) - interval 24 month
group by all
order by all

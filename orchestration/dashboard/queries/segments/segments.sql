select
    rfm_segment,
    count(*) as customers,
    sum(revenue_usd) as revenue_usd,
    sum(revenue_usd) / nullif(sum(order_count), 0) as average_order_usd,
    median(rfm_recency_days) as days_since_last_order,
    count(*) filter (where is_contactable_email) / count(*) as email_share
from marts.customer_360
where not is_test_account and ($country is null or country_code = $country)
group by rfm_segment
order by revenue_usd desc, rfm_segment asc

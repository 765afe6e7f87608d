select
    rfm_recency_score as recency,
    rfm_frequency_score as frequency,
    count(*) as customers,
    sum(revenue_usd) as revenue_usd
from marts.customer_360
where
    not is_test_account and rfm_recency_score is not null
    and ($country is null or country_code = $country)
group by all
order by all

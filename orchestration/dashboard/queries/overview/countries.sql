select
    coalesce(country_code, '?') as country_code,
    count(*) as customers,
    sum(revenue_usd) as revenue_usd
from marts.customer_360
where not is_test_account
group by all
order by revenue_usd desc, country_code asc

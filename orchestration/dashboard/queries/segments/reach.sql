-- Who may be written to, by which way.
with counted as (

    select
        count(*) as customers,
        count(*) filter (where is_contactable_email) as email,
        count(*) filter (where is_contactable_sms) as sms,
        count(*) filter (where is_contactable_phone) as phone,
        count(*) filter (where is_contactable_post) as post,
        count(*) filter (where is_contactable_push) as push
    from marts.customer_360
    where not is_test_account and ($country is null or country_code = $country)

)

select
    channel,
    contactable,
    customers
from (
    unpivot counted
    on email, sms, phone, post, push
    into name channel value contactable
)

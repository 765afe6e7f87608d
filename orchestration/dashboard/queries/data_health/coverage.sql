-- How much of a customer we know.
with counted as (

    select
        count(*) as customers,
        count(display_name) as name,
        count(email) as email,
        count(phone) as phone,
        count(street_raw) as address,
        count(birth_date) as birth_date,
        count(*) filter (where email_consent <> 'unknown') as email_consent
    from marts.customer_360
    where not is_test_account

)

select
    attribute,
    known / nullif(customers, 0) as share
from (
    unpivot counted
    on name, email, phone, address, birth_date, email_consent
    into name attribute value known
)
order by share desc, attribute asc

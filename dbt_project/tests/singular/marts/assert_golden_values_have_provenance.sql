-- Nobody can correct a value whose source is not known.
select customer_id
from {{ ref('customer_360') }}
where
    (display_name is not null and name_source_record_id is null)
    or (birth_date is not null and birth_date_source_record_id is null)
    or (sex is not null and sex_source_record_id is null)
    or (email is not null and email_source_record_id is null)
    or (phone is not null and phone_source_record_id is null)
    or (coalesce(street_raw, city) is not null and address_source_record_id is null)
    or (country_code is not null and country_source_record_id is null)
    or (account_id is not null and account_source_record_id is null)
    or (household_size is not null and household_size_source_record_id is null)
    or (income_band is not null and income_band_source_record_id is null)
    or (interests is not null and interests_source_record_id is null)

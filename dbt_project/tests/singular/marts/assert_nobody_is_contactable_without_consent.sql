-- Writing to somebody who did not agree is the one mistake of marketing that the law punishes.
select customer_id
from {{ ref('customer_360') }}
where
    (is_contactable_email and (email_consent <> 'granted' or email is null))
    or (is_contactable_sms and (sms_consent <> 'granted' or phone is null))
    or (is_contactable_phone and (phone_consent <> 'granted' or phone is null))
    or (is_contactable_post and (post_consent <> 'granted' or street_raw is null))
    or (is_contactable_push and push_consent <> 'granted')
    or (
        is_test_account
        and (
            is_contactable_email
            or is_contactable_sms
            or is_contactable_phone
            or is_contactable_post
            or is_contactable_push
        )
    )

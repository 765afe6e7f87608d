-- The customer of an id of today, of an id that was merged away, or of a source's own record.
select customer_id
from marts.customer_360
where
    customer_id = $wanted
    or customer_id in (
        select current_customer_id from marts.customer_aliases
        where customer_aliases.customer_id = $wanted
    )
    or customer_id in (
        select customer_identities.customer_id from marts.customer_identities
        where customer_identities.source_record_id = $wanted and customer_identities.is_current
    )
order by customer_id
limit 25

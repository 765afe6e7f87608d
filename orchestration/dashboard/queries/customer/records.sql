select
    source_record_id,
    source_system,
    assigned_at
from marts.customer_identities
where customer_id = $customer_id and is_current
order by source_system asc, source_record_id asc

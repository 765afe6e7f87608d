-- Why: a birth date is strong evidence; one that cannot be must not reach identity.
select source_record_id
from {{ ref('int_person_records__normalised') }}
where
    birth_date > cast({{ as_of() }} as date)
    or birth_date in (select default_birth_dates.birth_date from {{ ref('default_birth_dates') }})

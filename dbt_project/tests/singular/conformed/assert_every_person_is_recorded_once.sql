-- Why: identity starts from the person records; whoever is missing or doubled there stays so.
with delivered as (

    {{ union_sources('person_records', {'source_record_id': 'varchar'}) }}

),

records as (

    select source_record_id from {{ ref('int_person_records__normalised') }}

),

counted as (

    select
        source_record_id,
        1 as delivered_count,
        0 as recorded_count
    from delivered

    union all

    select
        source_record_id,
        0 as delivered_count,
        1 as recorded_count
    from records

)

select
    source_record_id,
    sum(delivered_count) as delivered_count,
    sum(recorded_count) as recorded_count
from counted
group by source_record_id
having sum(delivered_count) <> 1 or sum(recorded_count) <> 1

-- Grain: one row per record of a data vendor.
with demographics as (

    {{ union_sources('demographics', {
        'source_record_id': 'varchar',
        'vendor': 'varchar',
        'income_band': 'varchar',
        'household_size': 'integer',
        'interests': 'varchar',
        'collected_date': 'date',
    }) }}

),

records as (

    select * from {{ ref('int_person_records__normalised') }}

),

final as (

    select
        demographics.source_record_id,
        demographics.vendor,
        demographics.income_band,
        demographics.household_size,
        demographics.interests,
        records.birth_year,
        demographics.collected_date
    from demographics
    left join records
        on demographics.source_record_id = records.source_record_id

)

select * from final

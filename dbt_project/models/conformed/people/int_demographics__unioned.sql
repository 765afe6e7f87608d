-- Grain: one row per record of a data vendor.
with demographics as (

    {{ union_sources('demographics', {
        'source_record_id': 'varchar',
        'vendor': 'varchar',
        'income_band': 'varchar',
        'household_size': 'integer',
        'interests': 'varchar',
        'birth_year_raw': 'integer',
        'collected_date': 'date',
    }) }}

),

final as (

    select
        source_record_id,
        vendor,
        income_band,
        household_size,
        interests,
        birth_year_raw as birth_year,
        collected_date
    from demographics

)

select * from final

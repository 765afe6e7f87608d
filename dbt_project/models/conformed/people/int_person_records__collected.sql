-- Grain: one row per person record of any source system, as its source has it.
with records as (

    {{ union_sources('person_records', {
        'source_record_id': 'varchar',
        'source_system': 'varchar',
        'country_code': 'varchar',
        'given_name_raw': 'varchar',
        'middle_name_raw': 'varchar',
        'family_name_raw': 'varchar',
        'full_name_raw': 'varchar',
        'birth_date_raw': 'date',
        'birth_year_raw': 'integer',
        'sex': 'varchar',
        'email_raw': 'varchar',
        'phone_raw': 'varchar',
        'secondary_phone_raw': 'varchar',
        'street_raw': 'varchar',
        'city_raw': 'varchar',
        'region_raw': 'varchar',
        'postcode_raw': 'varchar',
        'national_id_raw': 'varchar',
        'account_id': 'varchar',
        'source_created_at': 'timestamp',
        'source_updated_at': 'timestamp',
    }) }}

),

default_birth_dates as (

    select * from {{ ref('default_birth_dates') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

dated as (

    select
        records.*,
        case
            when default_birth_dates.birth_date is not null then null
            when records.birth_date_raw > clock.today then null
            when records.birth_date_raw < {{ dbt.dateadd('year', -120, 'clock.today') }} then null
            else records.birth_date_raw
        end as birth_date,
        year(clock.today) as current_year
    from records
    left join default_birth_dates
        on records.birth_date_raw = default_birth_dates.birth_date
    cross join clock

),

final as (

    select
        *,
        case
            when birth_date is not null then cast(year(birth_date) as integer)
            when birth_year_raw between current_year - 120 and current_year then birth_year_raw
        end as birth_year,
        case source_system
            {%- for system, priority in var('source_priorities').items() %}
                when '{{ system }}' then {{ priority }}
            {%- endfor %}
            else 1000
        end as source_priority
    from dated

)

select * from final

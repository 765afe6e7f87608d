-- Grain: one row per person record of any source system.
{#- The flat, room or suite within a normalised address line; its number is group 3. -#}
{%- set unit_pattern = '(^| )(apt|ste|unit|room) ?([0-9]+[a-z]?)( |$)' %}
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

test_record_markers as (

    select * from {{ ref('test_record_markers') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

parsed as (

    select
        records.*,
        records.given_name_raw is null and records.family_name_raw is null as has_full_name_only,
        case
            when records.given_name_raw is null and records.family_name_raw is null
                then {{ parse_full_name('records.full_name_raw', 'records.country_code') }}
        end as parsed_name,
        case
            when default_birth_dates.birth_date is not null then null
            when records.birth_date_raw > clock.today then null
            when records.birth_date_raw < {{ dbt.dateadd('year', -120, 'clock.today') }} then null
            else records.birth_date_raw
        end as birth_date,
        {{ normalise_address('records.street_raw') }} as address_line,
        year(clock.today) as current_year
    from records
    left join default_birth_dates
        on records.birth_date_raw = default_birth_dates.birth_date
    cross join clock

),

normalised as (

    select
        parsed.*,
        case
            when parsed.has_full_name_only then parsed.parsed_name.given_name
            else {{ normalise_name('parsed.given_name_raw') }}
        end as given_name,
        case
            when parsed.has_full_name_only then parsed.parsed_name.middle_name
            else {{ normalise_name('parsed.middle_name_raw') }}
        end as middle_name,
        case
            when parsed.has_full_name_only then parsed.parsed_name.family_name
            else {{ normalise_name('parsed.family_name_raw') }}
        end as family_name,
        {{ normalise_email('parsed.email_raw') }} as email,
        {{ normalise_phone('parsed.phone_raw', 'parsed.country_code') }} as phone,
        {{ normalise_phone('parsed.secondary_phone_raw', 'parsed.country_code') }}
            as secondary_phone,
        {{ normalise_address('parsed.city_raw') }} as city,
        {{ normalise_address('parsed.region_raw') }} as region,
        nullif(regexp_extract(parsed.address_line, '{{ unit_pattern }}', 3), '') as unit,
        nullif(trim(regexp_replace(parsed.address_line, '{{ unit_pattern }}', ' ')), '') as street
    from parsed

),

final as (

    select
        source_record_id,
        source_system,
        country_code,

        -- name
        given_name_raw,
        middle_name_raw,
        family_name_raw,
        full_name_raw,
        given_name,
        middle_name,
        family_name,
        nullif(concat_ws(' ', given_name, middle_name, family_name), '') as full_name,

        -- person
        birth_date_raw,
        birth_date,
        case
            when birth_date is not null then cast(year(birth_date) as integer)
            when birth_year_raw between current_year - 120 and current_year then birth_year_raw
        end as birth_year,
        sex,

        -- contact points
        email_raw,
        email,
        phone_raw,
        phone,
        secondary_phone_raw,
        secondary_phone,

        -- address
        street_raw,
        street,
        unit,
        city_raw,
        city,
        region_raw,
        region,
        postcode_raw,
        {{ letters_and_digits('postcode_raw') }} as postcode,

        -- identifiers
        {{ letters_and_digits('national_id_raw') }} as national_id,
        account_id,

        -- standing: an address typed only to fill the field is null by now, and marks nobody
        coalesce(
            split_part(email, '@', 2) in (
                select test_record_markers.marker_value from test_record_markers
                where test_record_markers.marker_kind = 'email_domain'
            )
            or regexp_extract(email, '^([a-z]+)([^a-z]|$)', 1) in (
                select test_record_markers.marker_value from test_record_markers
                where test_record_markers.marker_kind = 'email_word'
            ),
            false
        )
        or coalesce(given_name in (
            select test_record_markers.marker_value from test_record_markers
            where test_record_markers.marker_kind = 'name_word'
        ), false)
        or coalesce(family_name in (
            select test_record_markers.marker_value from test_record_markers
            where test_record_markers.marker_kind = 'name_word'
        ), false) as is_test_record,
        case source_system
            {%- for system, priority in var('source_priorities').items() %}
                when '{{ system }}' then {{ priority }}
            {%- endfor %}
            else 1000
        end as source_priority,

        -- timestamps (utc)
        source_created_at,
        source_updated_at
    from normalised

)

select * from final

-- Grain: one row per person record of any source system.
-- noqa: disable=RF03
{#- The flat, room or suite within a normalised address line; its number is group 3. -#}
{%- set unit_pattern = '(^| )(apt|ste|unit|room) ?([0-9]+[a-z]?)( |$)' %}
with records as (

    select * from {{ ref('int_person_records__collected') }}

),

parsed as (

    select
        records.*,
        records.given_name_raw is null and records.family_name_raw is null as has_full_name_only,
        case
            when records.given_name_raw is null and records.family_name_raw is null
                then {{ parse_full_name('records.full_name_raw', 'records.country_code') }}
        end as parsed_name,
        {{ normalise_address('records.street_raw') }} as address_line
    from records

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
        birth_year,
        sex,

        -- contact points
        email_raw,
        {{ unless_blocked('email', 'email') }} as email,
        phone_raw,
        {{ unless_blocked('phone', 'phone') }} as phone,
        secondary_phone_raw,
        {{ unless_blocked('phone', 'secondary_phone') }} as secondary_phone,
        coalesce(
            {{ is_blocked('email', 'normalised.email') }}
            or {{ is_blocked('phone', 'normalised.phone') }}
            or {{ is_blocked('phone', 'normalised.secondary_phone') }},
            false
        ) as has_blocked_value,

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

        -- standing
        {{ marks_test_record('email', ['given_name', 'family_name']) }} as is_test_record,
        source_priority,

        -- timestamps (utc)
        source_created_at,
        source_updated_at
    from normalised

)

select * from final

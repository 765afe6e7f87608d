-- Grain: one row per person record of any source system.
-- noqa: disable=RF03
{#- The flat, room or suite within a normalised address line; its number is group 3. -#}
{%- set unit_pattern = '(^| )(apt|ste|unit|room) ?([0-9]+[a-z]?)( |$)' %}
with records as (

    select * from {{ ref('int_person_records__collected') }}

),

spelled as (

    select * from {{ ref('int_person_records__spelled') }}

),

normalised as (

    select
        records.*,
        spelled.given_name,
        spelled.middle_name,
        spelled.family_name,
        spelled.email,
        spelled.phone,
        spelled.secondary_phone,
        spelled.city,
        spelled.region,
        nullif(regexp_extract(spelled.address_line, '{{ unit_pattern }}', 3), '') as unit,
        nullif(trim(regexp_replace(spelled.address_line, '{{ unit_pattern }}', ' ')), '') as street
    from records
    inner join spelled
        on records.source_record_id = spelled.source_record_id

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

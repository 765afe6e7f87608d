-- Grain: one row per person record: its raw values, and what the normalisers made of them.
-- The normalisers cost more than all else of a build and know nothing but these values: a record is
-- spelled again only when one of them has changed, or the normalisers have (decision 0043).
-- noqa: disable=RF03
{%- set raw_columns = [
    'country_code', 'given_name_raw', 'middle_name_raw', 'family_name_raw', 'full_name_raw',
    'email_raw', 'phone_raw', 'secondary_phone_raw', 'street_raw', 'city_raw', 'region_raw'
] %}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='source_record_id',
    on_schema_change='sync_all_columns',
    pre_hook="{{ forget_gone_rows('source_record_id', ref('int_person_records__collected')) }}",
) }}
with records as (

    select
        source_record_id,
        {%- for column in raw_columns %}
            {{ column }},
        {%- endfor %}
        given_name_raw is null and family_name_raw is null as has_full_name_only
    from {{ ref('int_person_records__collected') }}

),

changed as (

    {% if is_incremental() %}
        select records.*
        from records
        left join {{ this }} as known
            on
                records.source_record_id = known.source_record_id
                and known.spelled_by = {{ normaliser_edition() }}
                {%- for column in raw_columns %}
                    and records.{{ column }} is not distinct from known.{{ column }}
                {%- endfor %}
        where known.source_record_id is null
    {% else %}
        select * from records
    {% endif %}

),

parsed as (

    select
        *,
        case
            when has_full_name_only then {{ parse_full_name('full_name_raw', 'country_code') }}
        end as parsed_name
    from changed

),

final as (

    select
        source_record_id,
        {%- for column in raw_columns %}
            {{ column }},
        {%- endfor %}
        {%- for part in ['given_name', 'middle_name', 'family_name'] %}
            case
                when has_full_name_only then parsed_name.{{ part }}
                else {{ normalise_name(part ~ '_raw') }}
            end as {{ part }},
        {%- endfor %}
        {{ normalise_email('email_raw') }} as email,
        {{ normalise_phone('phone_raw', 'country_code') }} as phone,
        {{ normalise_phone('secondary_phone_raw', 'country_code') }} as secondary_phone,
        {{ normalise_address('street_raw') }} as address_line,
        {{ normalise_address('city_raw') }} as city,
        {{ normalise_address('region_raw') }} as region,
        {{ normaliser_edition() }} as spelled_by
    from parsed

)

select * from final

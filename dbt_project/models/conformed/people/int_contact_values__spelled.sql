-- Grain: one row per e-mail address or telephone number (with its country) as some event has it.
-- A value is normalised once and for as long as the normalisers stay as they are (decision 0043).
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='value_key',
    on_schema_change='sync_all_columns',
    pre_hook="{{ forget_gone_rows('value_key', ref('int_contact_values__collected')) }}",
) }}
with contact_values as (

    select * from {{ ref('int_contact_values__collected') }}

),

changed as (

    {% if is_incremental() %}
        select contact_values.*
        from contact_values
        left join {{ this }} as known
            on
                contact_values.value_key = known.value_key
                and known.spelled_by = {{ normaliser_edition() }}
        where known.value_key is null
    {% else %}
        select * from contact_values
    {% endif %}

),

final as (

    select
        value_key,
        kind,
        value_raw,
        country_code,
        case kind
            when 'email' then {{ normalise_email('value_raw') }}
            else {{ normalise_phone('value_raw', 'country_code') }}
        end as contact_value,
        {{ normaliser_edition() }} as spelled_by
    from changed

)

select * from final

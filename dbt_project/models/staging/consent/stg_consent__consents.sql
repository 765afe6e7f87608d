-- Grain: one row per consent given or withdrawn.
with source as (

    select * from {{ current_rows(source('landing', 'consent_consents')) }}

),

renamed as (

    select
        -- ids
        consent_id,

        -- subject
        case
            when lower({{ trimmed('subject_type') }}) = 'customer_no' then 'source_record_id'
            else lower({{ trimmed('subject_type') }})
        end as subject_type,
        case
            when lower({{ trimmed('subject_type') }}) = 'customer_no'
                then 'webshop:' || {{ trimmed('subject_value') }}
            else {{ trimmed('subject_value') }}
        end as subject_value_raw,

        -- what was said
        lower({{ trimmed('channel') }}) as channel,
        lower({{ trimmed('consent_purpose') }}) as consent_purpose,
        lower({{ trimmed('consent_status') }}) as consent_status,
        {{ trimmed('collected_by') }} as collected_by,

        -- timestamps (utc)
        changed_at
    from source

)

select * from renamed

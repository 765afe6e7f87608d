-- Grain: one row per post or comment that mentions the company.
with source as (

    select * from {{ current_rows(source('landing', 'social_mentions')) }}

),

renamed as (

    select
        -- ids
        'social_mentions:' || mention_id as interaction_id,
        'social' as source_system,
        'social:' || lower({{ trimmed('platform') }}) || '/' || {{ trimmed('handle') }}
            as source_record_id,
        'social_mentions:' || {{ trimmed('parent_mention_id') }} as parent_interaction_id,

        -- profile
        lower({{ trimmed('platform') }}) as platform,
        {{ trimmed('handle') }} as handle,
        {{ trimmed('display_name') }} as full_name_raw,
        {{ trimmed('profile_email') }} as email_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- what happened
        'social' as channel,
        case when {{ trimmed('parent_mention_id') }} is null then 'post' else 'comment' end
            as interaction_type,
        lower({{ trimmed('topic') }}) as subject,
        lower({{ trimmed('language') }}) as language_code,
        {{ trimmed('body') }} as body,

        -- timestamps (utc)
        posted_at as occurred_at
    from source

)

select * from renamed

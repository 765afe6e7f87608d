-- Grain: one row per post or comment that mentions the company.
with mentions as (

    {{ union_sources('mentions', {
        'interaction_id': 'varchar',
        'parent_interaction_id': 'varchar',
        'source_system': 'varchar',
        'source_record_id': 'varchar',
        'platform': 'varchar',
        'interaction_type': 'varchar',
        'subject': 'varchar',
        'language_code': 'varchar',
        'body': 'varchar',
        'occurred_at': 'timestamp',
    }) }}

),

-- what many people share in the same words is rated once
texts as (

    select distinct
        body,
        language_code
    from mentions
    where body is not null

),

rated as (

    select
        body,
        language_code,
        {{ sentiment_score('body', 'language_code') }} as sentiment_score
    from texts

),

final as (

    select
        mentions.interaction_id,
        mentions.parent_interaction_id,
        mentions.source_system,
        mentions.source_record_id,
        mentions.platform,
        mentions.interaction_type as mention_type,
        mentions.subject as topic,
        mentions.language_code,
        mentions.occurred_at,
        cast(round(rated.sentiment_score, 4) as decimal(9, 4)) as sentiment_score,
        -- the cuts are those VADER was published with
        case
            when rated.sentiment_score >= 0.05 then 'positive'
            when rated.sentiment_score <= -0.05 then 'negative'
            when rated.sentiment_score is not null then 'neutral'
            when mentions.body is null then 'no_text'
            else 'no_library'
        end as sentiment
    from mentions
    left join rated
        on
            mentions.body = rated.body
            and mentions.language_code is not distinct from rated.language_code

)

select * from final

-- Grain: one row per post or comment that mentions the company.
with mentions as (

    select * from {{ ref('int_mentions__rated') }}

),

attributed as (

    select
        interaction_id,
        customer_id
    from {{ ref('int_interactions__attributed') }}
    where channel = 'social'

),

final as (

    select
        mentions.interaction_id as mention_id,
        attributed.customer_id,
        mentions.platform,
        mentions.mention_type,
        mentions.parent_interaction_id as answered_mention_id,
        mentions.topic,
        mentions.language_code,
        mentions.occurred_at as mentioned_at,
        mentions.sentiment,
        mentions.sentiment_score
    from mentions
    left join attributed
        on mentions.interaction_id = attributed.interaction_id
    -- what is dated after the run waits for its day
    where mentions.occurred_at <= {{ as_of() }}

)

select * from final
order by mention_id asc

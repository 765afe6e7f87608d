-- Grain: one row per customer who ever mentioned the company on a social network.
with mentions as (

    select * from {{ ref('fct_mentions') }}
    where customer_id is not null

),

topics as (

    select
        customer_id,
        topic,
        row_number() over (
            partition by customer_id
            order by
                count(*) desc,
                max(mentioned_at) desc,
                topic asc  -- total order: reruns pick the same row
        ) as topic_rank
    from mentions
    where topic is not null
    group by customer_id, topic

),

counted as (

    select
        customer_id,
        count(*) as mention_count,
        count(case when mention_type = 'comment' then 1 end) as comment_count,
        count(distinct platform) as platform_count,
        count(case when sentiment = 'positive' then 1 end) as positive_count,
        count(case when sentiment = 'neutral' then 1 end) as neutral_count,
        count(case when sentiment = 'negative' then 1 end) as negative_count,
        count(case when sentiment = 'no_library' then 1 end) as unrated_count,
        cast(round(avg(sentiment_score), 4) as decimal(9, 4)) as average_sentiment_score,
        max(mentioned_at) as last_mentioned_at,
        max(case when sentiment = 'negative' then mentioned_at end) as last_negative_at
    from mentions
    group by customer_id

),

final as (

    select
        counted.customer_id,
        counted.mention_count,
        counted.comment_count,
        counted.platform_count,
        topics.topic as most_mentioned_topic,
        counted.positive_count,
        counted.neutral_count,
        counted.negative_count,
        counted.unrated_count,
        counted.average_sentiment_score,
        counted.last_mentioned_at,
        counted.last_negative_at
    from counted
    left join topics
        on
            counted.customer_id = topics.customer_id
            and topics.topic_rank = 1

)

select * from final
order by customer_id asc

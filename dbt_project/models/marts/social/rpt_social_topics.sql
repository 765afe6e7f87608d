-- Grain: one row per month, topic and language.
with mentions as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'mentioned_at') }} as date) as month_date
    from {{ ref('fct_mentions') }}

),

counted as (

    select
        month_date,
        coalesce(topic, 'none') as topic,
        coalesce(language_code, 'none') as language_code,
        count(*) as mention_count,
        count(distinct customer_id) as customer_count,
        count(sentiment_score) as rated_count,
        count(case when sentiment = 'positive' then 1 end) as positive_count,
        count(case when sentiment = 'negative' then 1 end) as negative_count,
        avg(sentiment_score) as average_sentiment_score
    from mentions
    group by month_date, coalesce(topic, 'none'), coalesce(language_code, 'none')

),

final as (

    select
        cast(month_date as {{ dbt.type_string() }}) || ':' || topic || ':' || language_code
            as social_topic_id,
        month_date,
        topic,
        language_code,
        mention_count,
        customer_count,
        rated_count,
        positive_count,
        negative_count,
        -- empty where no library rates the language: no answer is no zero
        cast(round(positive_count * 1.0 / nullif(rated_count, 0), 4) as decimal(9, 4))
            as positive_share,
        cast(round(negative_count * 1.0 / nullif(rated_count, 0), 4) as decimal(9, 4))
            as negative_share,
        cast(round(average_sentiment_score, 4) as decimal(9, 4)) as average_sentiment_score
    from counted

)

select * from final
order by social_topic_id asc

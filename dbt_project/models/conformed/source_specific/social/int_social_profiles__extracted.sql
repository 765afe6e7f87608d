-- Grain: one row per profile on a social network that ever mentioned the company, as the record of its owner.
with mentions as (

    select * from {{ ref('stg_social__mentions') }}

),

ranked as (

    select
        source_record_id,
        source_system,
        full_name_raw,
        email_raw,
        country_code,
        min(occurred_at) over (partition by source_record_id) as source_created_at,
        max(occurred_at) over (partition by source_record_id) as source_updated_at,
        row_number() over (
            partition by source_record_id
            order by
                -- a profile shows its address now and then: what it once showed is kept
                case when email_raw is null then 1 else 0 end asc,
                occurred_at desc,
                interaction_id asc  -- total order: reruns pick the same row
        ) as recency_rank
    from mentions

),

profiles as (

    select
        source_record_id,
        source_system,
        full_name_raw,
        email_raw,
        country_code,
        source_created_at,
        source_updated_at
    from ranked
    where recency_rank = 1

)

select * from profiles

-- Grain: one row per profile on a social network that ever mentioned the company.
{%- set window = 'over (
            partition by source_record_id
            order by occurred_at asc, interaction_id asc  -- total order: reruns pick the same row
            rows between unbounded preceding and unbounded following
        )' %}
with mentions as (

    select * from {{ ref('stg_social__mentions') }}

),

ranked as (

    select
        source_record_id,
        source_system,
        -- a profile shows its address now and then: the last one it showed is kept
        last_value(full_name_raw ignore nulls) {{ window }} as full_name_raw,
        last_value(email_raw ignore nulls) {{ window }} as email_raw,
        last_value(country_code ignore nulls) {{ window }} as country_code,
        min(occurred_at) {{ window }} as source_created_at,
        max(occurred_at) {{ window }} as source_updated_at,
        row_number() over (
            partition by source_record_id
            order by
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

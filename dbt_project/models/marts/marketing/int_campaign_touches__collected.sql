-- Grain: one row per click in an e-mail of a campaign, or event of a visit that came by one.
with interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

web_events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

final as (

    select
        interactions.interaction_id,
        interactions.campaign_id,
        interactions.occurred_at as touched_at,
        interactions.source_record_id,
        interactions.email,
        interactions.device_id,
        timeline.customer_id,
        -- what happened on no known device is in no visit, and stands for itself
        coalesce({{ session_id('web_events') }}, interactions.interaction_id) as visit_id
    from interactions
    left join web_events
        on interactions.interaction_id = web_events.interaction_id
    left join timeline
        on interactions.interaction_id = timeline.interaction_id
    where
        interactions.campaign_id is not null
        and (
            (interactions.channel = 'email' and interactions.interaction_type = 'click')
            or interactions.channel in ('web', 'app')
        )

)

select * from final

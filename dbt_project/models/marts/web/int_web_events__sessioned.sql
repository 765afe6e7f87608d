-- Grain: one row per event of the web site or the app on a known device, with the session it is in.
with interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

attributed as (

    select * from {{ ref('int_interactions__attributed') }}

),

clock as (

    select {{ as_of() }} as as_of

),

events as (

    select
        interactions.device_id,
        interactions.interaction_id,
        interactions.channel,
        interactions.interaction_type,
        interactions.occurred_at,
        interactions.campaign_id,
        interactions.subject,
        attributed.customer_id,
        case when attributed.attributed_by = 'source_record' then attributed.customer_id end
            as recorded_customer_id
    from interactions
    inner join attributed
        on interactions.interaction_id = attributed.interaction_id
    cross join clock
    where
        interactions.channel in ('web', 'app')
        and interactions.interaction_type <> 'order'
        and interactions.device_id is not null
        and interactions.occurred_at <= clock.as_of

),

{%- set in_order = 'partition by device_id order by occurred_at asc, interaction_id asc' %}

opened as (

    select
        *,
        case
            when
                lag(occurred_at) over ({{ in_order }})
                > occurred_at - interval '{{ var("session_gap_minutes") }}' minute
                then 0
            else 1
        end as opens_session
    from events

),

final as (

    select
        device_id,
        interaction_id,
        channel,
        interaction_type,
        occurred_at,
        campaign_id,
        subject,
        customer_id,
        recorded_customer_id,
        -- the latest opening till then; a number would change with every event that comes or goes
        max(case when opens_session = 1 then occurred_at end)
            over ({{ in_order }} rows unbounded preceding) as session_started_at
    from opened

)

select * from final

-- Grain: one row per e-mail address we ever wrote to.
with interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

dated as (

    select
        email,
        max(case when interaction_type = 'bounce' then occurred_at end) as last_bounced_at,
        max(case when interaction_type in ('open', 'click') then occurred_at end)
            as last_reached_at
    from interactions
    where
        channel = 'email'
        and email is not null
    group by email

),

final as (

    select
        email,
        last_bounced_at,
        last_reached_at,
        last_bounced_at is not null
        and (last_reached_at is null or last_bounced_at >= last_reached_at) as is_bouncing
    from dated

)

select * from final

-- Grain: one row per customer, channel and day with at least one interaction.
with timeline as (

    select * from {{ ref('customer_timeline') }}

),

final as (

    select
        customer_id,
        channel,
        cast(occurred_at as date) as active_date,
        count(*) as interaction_count,
        count(case when interaction_type = 'open' then 1 end) as open_count,
        count(case when interaction_type = 'click' then 1 end) as click_count,
        min(occurred_at) as first_interaction_at,
        max(occurred_at) as last_interaction_at
    from timeline
    group by customer_id, channel, cast(occurred_at as date)

)

select * from final

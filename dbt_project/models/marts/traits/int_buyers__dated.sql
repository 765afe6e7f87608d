-- Grain: one row per buyer and day of view: what was known of the buyer on that day, and what came
-- in the 90 days after it. Nothing after the day enters a measure, so a past day tells what a
-- prediction made then was worth.
with bought as (

    select * from {{ ref('int_buyer_purchases__viewed') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

views as (

    select distinct
        view_name,
        seen_at
    from bought

),

did as (

    select
        views.view_name,
        timeline.customer_id,
        count(
            distinct case
                when timeline.channel in ('web', 'app') then cast(timeline.occurred_at as date)
            end
        ) as visits_90_days,
        count(case when timeline.interaction_type = 'click' then 1 end) as email_clicks_90_days
    from views
    inner join timeline
        on
            views.seen_at > timeline.occurred_at
            and views.seen_at <= timeline.occurred_at + interval '90' day
    where timeline.interaction_type <> 'order'
    group by views.view_name, timeline.customer_id

),

final as (

    select
        bought.view_name,
        bought.customer_id,
        bought.purchase_day_count,
        cast({{ dbt.datediff('bought.first_date', 'bought.seen_at', 'day') }} as bigint)
            as tenure_days,
        cast({{ dbt.datediff('bought.first_date', 'bought.last_date', 'day') }} as bigint)
            as last_purchase_age_days,
        cast({{ dbt.datediff('bought.last_date', 'bought.seen_at', 'day') }} as bigint)
            as days_since_purchase,
        bought.average_spend_usd,
        bought.average_repeat_spend_usd,
        coalesce(did.visits_90_days, 0) as visits_90_days,
        coalesce(did.email_clicks_90_days, 0) as email_clicks_90_days,
        (
            select count(*) from tickets
            where
                tickets.customer_id = bought.customer_id
                and tickets.category = 'complaint'
                and tickets.opened_at < bought.seen_at
                and tickets.opened_at >= bought.seen_at - interval '365' day
        ) as complaints_365_days,
        bought.purchases_after
    from bought
    left join did
        on bought.view_name = did.view_name and bought.customer_id = did.customer_id

)

select * from final

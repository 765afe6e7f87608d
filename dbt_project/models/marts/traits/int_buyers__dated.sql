-- Grain: one row per buyer and day of view: what was known of the buyer on that day, and what came
-- in the 90 days after it. Nothing after the day enters a measure, so a past day tells what a
-- prediction made then was worth.
with orders as (

    select * from {{ ref('fct_orders') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

clock as (

    select {{ as_of() }} as as_of

),

{%- set views = {'learning': 180, 'testing': 90, 'now': 0} %}
views as (

    {%- for name, days in views.items() %}
        select
            '{{ name }}' as view_name,
            clock.as_of - interval '{{ days }}' day as seen_at
        from clock
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

purchase_days as (

    select
        customer_id,
        cast(ordered_at as date) as purchase_date,
        min(ordered_at) as ordered_at,
        sum(ordered_amount_usd) as spent_usd,
        row_number() over (
            partition by customer_id
            order by cast(ordered_at as date) asc
        ) as day_number
    from orders
    where
        customer_id is not null
        and not is_cancelled
        and not is_return_only
    group by customer_id, cast(ordered_at as date)

),

bought as (

    select
        views.view_name,
        views.seen_at,
        purchase_days.customer_id,
        count(*) as purchase_day_count,
        min(purchase_days.purchase_date) as first_date,
        max(purchase_days.purchase_date) as last_date,
        avg(purchase_days.spent_usd) as average_spend_usd,
        avg(case when purchase_days.day_number > 1 then purchase_days.spent_usd end)
            as average_repeat_spend_usd
    from views
    inner join purchase_days
        on views.seen_at > purchase_days.ordered_at
    group by views.view_name, views.seen_at, purchase_days.customer_id

),

bought_after as (

    select
        views.view_name,
        purchase_days.customer_id,
        count(*) as purchases_after
    from views
    inner join purchase_days
        on
            views.seen_at <= purchase_days.ordered_at
            and views.seen_at > purchase_days.ordered_at - interval '90' day
    group by views.view_name, purchase_days.customer_id

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
        case when bought.view_name <> 'now' then coalesce(bought_after.purchases_after, 0) end
            as purchases_after
    from bought
    left join did
        on bought.view_name = did.view_name and bought.customer_id = did.customer_id
    left join bought_after
        on
            bought.view_name = bought_after.view_name
            and bought.customer_id = bought_after.customer_id

)

select * from final

-- Grain: one row per campaign.
with campaigns as (

    select * from {{ ref('dim_campaigns') }}

),

costs as (

    select * from {{ ref('int_campaign_costs__unioned') }}

),

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

touched_orders as (

    select * from {{ ref('fct_attributed_touches') }}
    where identity_view = 'as_known_now' and last_touch_share = 1

),

spent as (

    select
        campaign_id,
        sum(impressions) as impression_count,
        sum(clicks) as advertisement_click_count,
        sum(cost_usd) as cost_usd
    from costs
    group by campaign_id

),

reached as (

    select
        campaign_id,
        count(case when channel = 'email' and interaction_type = 'send' then 1 end)
            as send_count,
        count(case when channel = 'email' and interaction_type = 'open' then 1 end)
            as open_count,
        count(case when channel = 'email' and interaction_type = 'click' then 1 end)
            as click_count,
        count(case when channel = 'email' and interaction_type = 'bounce' then 1 end)
            as bounce_count,
        count(case when channel = 'email' and interaction_type = 'unsubscribe' then 1 end)
            as unsubscribe_count,
        count(case when channel in ('web', 'app') then 1 end) as visit_event_count
    from interactions
    where campaign_id is not null
    group by campaign_id

),

met as (

    select
        campaign_id,
        count(distinct customer_id) as customer_count
    from timeline
    where campaign_id is not null
    group by campaign_id

),

sold as (

    select
        campaign_id,
        count(*) as attributed_order_count,
        sum(revenue_usd) as attributed_revenue_usd
    from touched_orders
    group by campaign_id

),

final as (

    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.start_date,
        campaigns.end_date,
        campaigns.budget_amount_usd,
        cast(coalesce(spent.cost_usd, 0) as decimal(18, 2)) as cost_usd,
        cast(coalesce(spent.impression_count, 0) as bigint) as impression_count,
        cast(coalesce(spent.advertisement_click_count, 0) as bigint) as advertisement_click_count,
        {%- for measure in ['send', 'open', 'click', 'bounce', 'unsubscribe', 'visit_event'] %}
            coalesce(reached.{{ measure }}_count, 0) as {{ measure }}_count,
        {%- endfor %}
        coalesce(met.customer_count, 0) as reached_customer_count,
        coalesce(sold.attributed_order_count, 0) as attributed_order_count,
        cast(coalesce(sold.attributed_revenue_usd, 0) as decimal(18, 2)) as attributed_revenue_usd
    from campaigns
    left join spent
        on campaigns.campaign_id = spent.campaign_id
    left join reached
        on campaigns.campaign_id = reached.campaign_id
    left join met
        on campaigns.campaign_id = met.campaign_id
    left join sold
        on campaigns.campaign_id = sold.campaign_id

)

select * from final
order by campaign_id asc

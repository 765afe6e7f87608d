-- Grain: one row per view of who is who, breakdown (campaign, channel, segment) and member of it.
{%- set rules = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position'] %}
with touches as (

    select * from {{ ref('fct_attributed_touches') }}

),

campaigns as (

    select * from {{ ref('dim_campaigns') }}

),

costs as (

    select * from {{ ref('int_campaign_costs__unioned') }}

),

segments as (

    select * from {{ ref('int_customer_rfm__scored') }}

),

described as (

    select
        touches.*,
        coalesce(campaigns.channel, 'unknown') as channel,
        coalesce(segments.segment, 'not_known') as segment
    from touches
    left join campaigns
        on touches.campaign_id = campaigns.campaign_id
    left join segments
        on touches.customer_id = segments.customer_id

),

attributed as (

    {%- for breakdown in ['campaign', 'channel', 'segment'] %}
        {%- set member = 'campaign_id' if breakdown == 'campaign' else breakdown %}
        select
            identity_view,
            '{{ breakdown }}' as breakdown,
            {{ member }} as member,
            count(distinct order_id) as touched_order_count,
        {%- for rule in rules %}
            sum({{ rule }}_share) as {{ rule }}_orders,
            sum({{ rule }}_share * revenue_usd) as {{ rule }}_revenue_usd
            {{- "," if not loop.last }}
        {%- endfor %}
        from described
        group by identity_view, {{ member }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

spent as (

    {%- set members = {'campaign': 'costs.campaign_id', 'channel': 'campaigns.channel'} %}
    {%- for breakdown, member in members.items() %}
        select
            '{{ breakdown }}' as breakdown,
            {{ member }} as member,
            sum(costs.cost_usd) as cost_usd
        from costs
        inner join campaigns
            on costs.campaign_id = campaigns.campaign_id
        group by {{ member }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

final as (

    select
        attributed.identity_view || ':' || attributed.breakdown || ':' || attributed.member
            as attribution_id,
        attributed.identity_view,
        attributed.breakdown,
        attributed.member,
        attributed.touched_order_count,
        cast(spent.cost_usd as decimal(18, 2)) as cost_usd,
    {%- for rule in rules %}
        cast(round(attributed.{{ rule }}_orders, 4) as decimal(18, 4)) as {{ rule }}_orders,
        cast(round(attributed.{{ rule }}_revenue_usd, 2) as decimal(18, 2))
            as {{ rule }}_revenue_usd,
        cast(
            round(attributed.{{ rule }}_revenue_usd / nullif(spent.cost_usd, 0), 2)
            as decimal(18, 2)
        ) as {{ rule }}_return_on_spend{{ "," if not loop.last }}
    {%- endfor %}
    from attributed
    left join spent
        on
            attributed.breakdown = spent.breakdown
            and attributed.member = spent.member

)

select * from final
order by attribution_id asc

-- Grain: one row per view of who is who, breakdown (campaign, channel, segment) and member of it.
{%- set rules = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position'] %}
with touches as (

    select * from {{ ref('fct_attributed_touches') }}

),

campaigns as (

    select * from {{ ref('dim_campaigns') }}

),

spent as (

    select * from {{ ref('int_campaign_costs__summed') }}

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

-- what was paid for and brought nothing has its line as well
members as (

    select
        identity_view,
        breakdown,
        member
    from attributed
    {%- for view in ['as_known_now', 'as_known_then'] %}

        union

        select
            '{{ view }}' as identity_view,
            breakdown,
            member
        from spent
    {%- endfor %}

),

final as (

    select
        members.identity_view || ':' || members.breakdown || ':' || members.member
            as attribution_id,
        members.identity_view,
        members.breakdown,
        members.member,
        coalesce(attributed.touched_order_count, 0) as touched_order_count,
        cast(spent.cost_usd as decimal(18, 2)) as cost_usd,
    {%- for rule in rules %}
        cast(round(coalesce(attributed.{{ rule }}_orders, 0), 4) as decimal(18, 4))
            as {{ rule }}_orders,
        cast(round(coalesce(attributed.{{ rule }}_revenue_usd, 0), 2) as decimal(18, 2))
            as {{ rule }}_revenue_usd,
        cast(
            round(
                coalesce(attributed.{{ rule }}_revenue_usd, 0) / nullif(spent.cost_usd, 0), 2
            ) as decimal(18, 2)
        ) as {{ rule }}_return_on_spend{{ "," if not loop.last }}
    {%- endfor %}
    from members
    left join attributed
        on
            members.identity_view = attributed.identity_view
            and members.breakdown = attributed.breakdown
            and members.member = attributed.member
    left join spent
        on
            members.breakdown = spent.breakdown
            and members.member = spent.member

)

select * from final
order by attribution_id asc

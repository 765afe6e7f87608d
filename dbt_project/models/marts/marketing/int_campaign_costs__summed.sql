-- Grain: one row per breakdown (campaign, channel, segment) and member that money was spent on.
with costs as (

    select * from {{ ref('int_campaign_costs__shared') }}

),

campaigns as (

    select * from {{ ref('dim_campaigns') }}

),

described as (

    select
        costs.campaign_id as campaign,
        campaigns.channel,
        costs.segment,
        costs.cost_usd
    from costs
    left join campaigns
        on costs.campaign_id = campaigns.campaign_id

),

final as (

    {%- for breakdown in ['campaign', 'channel', 'segment'] %}
        select
            '{{ breakdown }}' as breakdown,
            coalesce({{ breakdown }}, 'unknown') as member,
            cast(round(sum(cost_usd), 2) as decimal(18, 2)) as cost_usd
        from described
        group by coalesce({{ breakdown }}, 'unknown')
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select * from final

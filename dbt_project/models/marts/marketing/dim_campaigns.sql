-- Grain: one row per campaign.
with campaigns as (

    select * from {{ ref('int_campaigns__unioned') }}

),

final as (

    select
        campaign_id,
        campaign_name,
        channel,
        objective,
        start_date,
        end_date,
        cast(budget_amount_usd as decimal(18, 2)) as budget_amount_usd
    from campaigns

)

select * from final
order by campaign_id asc

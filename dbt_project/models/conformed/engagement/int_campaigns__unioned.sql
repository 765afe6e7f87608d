-- Grain: one row per campaign.
with campaigns as (

    {{ union_sources('campaigns', {
        'campaign_id': 'varchar',
        'campaign_name': 'varchar',
        'channel': 'varchar',
        'objective': 'varchar',
        'start_date': 'date',
        'end_date': 'date',
        'currency_code': 'varchar',
        'budget_amount': 'decimal(18, 2)',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.objective,
        campaigns.start_date,
        campaigns.end_date,
        {{ amount_in_usd('campaigns.budget_amount', 'exchange_rates.units_per_usd') }}
            as budget_amount_usd
    from campaigns
    {{ exchange_rate_join('campaigns.currency_code', 'campaigns.start_date') }}

)

select * from final

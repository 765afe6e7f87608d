-- Grain: one row per day, campaign and advertising platform.
with costs as (

    {{ union_sources('campaign_costs', {
        'campaign_id': 'varchar',
        'platform': 'varchar',
        'cost_date': 'date',
        'impressions': 'bigint',
        'clicks': 'bigint',
        'cost_amount': 'decimal(18, 2)',
        'currency_code': 'varchar',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        costs.campaign_id,
        costs.platform,
        costs.cost_date,
        costs.impressions,
        costs.clicks,
        {{ amount_in_usd('costs.cost_amount', 'exchange_rates.units_per_usd') }} as cost_usd
    from costs
    {{ exchange_rate_join('costs.currency_code', 'costs.cost_date') }}

)

select * from final

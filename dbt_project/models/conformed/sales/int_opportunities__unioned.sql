-- Grain: one row per opportunity.
with opportunities as (

    {{ union_sources('opportunities', {
        'opportunity_id': 'varchar',
        'source_system': 'varchar',
        'source_record_id': 'varchar',
        'account_id': 'varchar',
        'stage': 'varchar',
        'stage_position': 'integer',
        'is_open': 'boolean',
        'is_won': 'boolean',
        'lost_reason': 'varchar',
        'currency_code': 'varchar',
        'expected_amount': 'decimal(18, 2)',
        'expected_close_date': 'date',
        'opened_at': 'timestamp',
        'closed_at': 'timestamp',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

clock as (

    select {{ as_of() }} as as_of

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.source_system,
        opportunities.source_record_id,
        opportunities.account_id,
        opportunities.stage,
        opportunities.stage_position,
        opportunities.is_open,
        opportunities.is_won,
        opportunities.lost_reason,
        opportunities.currency_code,
        opportunities.expected_amount,
        -- what is still open is worth what it would bring today
        {{ amount_in_usd('opportunities.expected_amount', 'exchange_rates.units_per_usd') }}
            as expected_amount_usd,
        opportunities.expected_close_date,
        opportunities.opened_at,
        opportunities.closed_at
    from opportunities
    cross join clock
    {{ exchange_rate_join(
        'opportunities.currency_code', 'coalesce(opportunities.closed_at, clock.as_of)'
    ) }}

)

select * from final

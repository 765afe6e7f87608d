-- Grain: one row per quote, every revision of an offer for itself.
with quotes as (

    {{ union_sources('quotes', {
        'quote_id': 'varchar',
        'source_system': 'varchar',
        'opportunity_id': 'varchar',
        'revision_number': 'integer',
        'quote_status': 'varchar',
        'currency_code': 'varchar',
        'quoted_amount': 'decimal(18, 2)',
        'valid_until_date': 'date',
        'drafted_at': 'timestamp',
        'sent_at': 'timestamp',
        'answered_at': 'timestamp',
    }) }}

),

opportunities as (

    select * from {{ ref('int_opportunities__unioned') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

final as (

    select
        quotes.quote_id,
        quotes.source_system,
        quotes.opportunity_id,
        -- a quote goes to whom its opportunity is talked about with
        opportunities.source_record_id,
        quotes.revision_number,
        quotes.quote_status,
        quotes.currency_code,
        quotes.quoted_amount,
        {{ amount_in_usd('quotes.quoted_amount', 'exchange_rates.units_per_usd') }}
            as quoted_amount_usd,
        quotes.valid_until_date,
        quotes.drafted_at,
        quotes.sent_at,
        quotes.answered_at
    from quotes
    left join opportunities
        on quotes.opportunity_id = opportunities.opportunity_id
    {{ exchange_rate_join('quotes.currency_code', 'quotes.drafted_at') }}

)

select * from final

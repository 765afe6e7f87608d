-- Grain: one row per credit limit of a customer or a business account.
with credit_limits as (

    {{ union_sources('credit_limits', {
        'credit_limit_id': 'varchar',
        'source_record_id': 'varchar',
        'account_id': 'varchar',
        'currency_code': 'varchar',
        'credit_limit_amount': 'decimal(18, 2)',
        'credit_rating': 'varchar',
        'valid_from_date': 'date',
    }) }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates__dated') }}

),

clock as (

    select {{ as_of() }} as as_of

),

-- a limit without a first day is in force, and worth what it is today
final as (

    select
        credit_limits.credit_limit_id,
        credit_limits.source_record_id,
        credit_limits.account_id,
        {{ amount_in_usd('credit_limits.credit_limit_amount', 'exchange_rates.units_per_usd') }}
            as credit_limit_usd,
        credit_limits.credit_rating,
        credit_limits.valid_from_date
    from credit_limits
    cross join clock
    {{ exchange_rate_join(
        'credit_limits.currency_code',
        'coalesce(credit_limits.valid_from_date, clock.as_of)'
    ) }}

)

select * from final

-- Grain: one row per currency and span of days in which one rate held.
with rates as (

    select * from {{ ref('exchange_rates') }}

),

final as (

    select
        currency_code,
        valid_from_date,
        coalesce(
            lead(valid_from_date) over (
                partition by currency_code
                order by valid_from_date asc
            ),
            cast('9999-12-31' as date)
        ) as valid_until_date,
        units_per_usd
    from rates

)

select * from final

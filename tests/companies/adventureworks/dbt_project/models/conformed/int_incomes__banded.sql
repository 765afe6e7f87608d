-- Grain: one row per customer or prospect who told an income.
with customers as (

    select
        source_record_id,
        source_system,
        annual_income
    from {{ ref('stg_store__customers') }}

),

prospects as (

    select
        source_record_id,
        source_system,
        annual_income
    from {{ ref('stg_marketing__prospects') }}

),

incomes as (

    select * from customers
    union all
    select * from prospects

),

final as (

    select
        source_record_id,
        source_system as vendor,
        case
            when annual_income < 40000 then 'low'
            when annual_income < 90000 then 'middle'
            else 'high'
        end as income_band
    from incomes
    where annual_income is not null

)

select * from final

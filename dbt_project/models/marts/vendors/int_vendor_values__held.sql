-- Grain: one row per record of a vendor, beside what we know ourselves.
with records as (

    select * from {{ ref('int_demographics__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

households as (

    select * from {{ ref('customer_households') }}

),

clock as (

    select {{ as_of() }} as as_of

),

final as (

    select
        records.source_record_id,
        records.vendor,
        identities.customer_id,
        records.income_band,
        records.household_size,
        records.interests,
        records.birth_year,
        {{ dbt.datediff('records.collected_date', 'clock.as_of', 'day') }} as age_days,
        -- what we know ourselves, to hold against it
        case
            when customers.birth_date_source <> 'thirdparty' then year(customers.birth_date)
        end as known_birth_year,
        households.member_count as known_household_size,
        customers.record_count > 1 as is_customer_of_ours
    from records
    inner join identities
        on records.source_record_id = identities.source_record_id
    inner join customers
        on identities.customer_id = customers.customer_id
    left join households
        on identities.customer_id = households.customer_id
    cross join clock

)

select * from final

-- Grain: one row per customer that is no test account, with the profile it shares with others.
-- What a person was born as (sex, age) and what vendors say of incomes is left out on purpose.
with customers as (

    select * from {{ ref('customer_360') }}
    where not is_test_account

),

traits as (

    select * from {{ ref('customer_traits') }}

),

described as (

    select
        customers.customer_id,
        traits.rfm_segment as customer_kind,
        coalesce(cast(traits.rfm_monetary_score as {{ dbt.type_string() }}), 'none')
            as spending_fifth,
        traits.engagement_level,
        coalesce(traits.preferred_channel, 'none') as preferred_channel,
        traits.price_sensitivity,
        coalesce(traits.favourite_category, 'none') as favourite_category,
        coalesce(customers.country_code, 'none') as country
    from customers
    inner join traits
        on customers.customer_id = traits.customer_id

),

final as (

    select
        *,
        customer_kind || '|' || spending_fifth || '|' || engagement_level || '|'
        || preferred_channel || '|' || price_sensitivity || '|' || favourite_category || '|'
        || country as profile_id,
        -- three in sixteen of all customers, the same every day: what was learned from the others
        -- is tried on them
        substring({{ dbt.hash('customer_id') }}, 1, 1) in ('0', '1', '2') as is_held_out
    from described

)

select * from final

-- Grain: one row per trait and group of customers: what was predicted 90 days ago, and what came.
with predicted as (

    select * from {{ ref('int_buyers__predicted') }}

),

buyers as (

    select * from {{ ref('int_buyers__dated') }}

),

hits as (

    select * from {{ ref('int_next_products__tried') }}

),

outcomes as (

    select
        predicted.customer_id,
        predicted.churn_risk,
        predicted.expected_purchases_90_days,
        buyers.purchases_after,
        case when buyers.purchases_after = 0 then 1.0 else 0.0 end as has_left,
        ntile(10) over (order by predicted.churn_risk asc, predicted.customer_id asc)
            as risk_tenth,
        ntile(10) over (
            order by predicted.expected_purchases_90_days asc, predicted.customer_id asc
        ) as purchase_tenth
    from predicted
    inner join buyers
        on
            predicted.view_name = buyers.view_name
            and predicted.customer_id = buyers.customer_id
    where predicted.view_name = 'testing'

),

rows_of_all as (

    select
        'churn_risk' as trait,
        'tenth ' || lpad(cast(risk_tenth as {{ dbt.type_string() }}), 2, '0') as customer_group,
        count(*) as customer_count,
        avg(churn_risk) as predicted_value,
        avg(has_left) as actual_value
    from outcomes
    where churn_risk is not null
    group by risk_tenth

    union all

    select
        'expected_purchases_90_days' as trait,
        'tenth ' || lpad(cast(purchase_tenth as {{ dbt.type_string() }}), 2, '0')
            as customer_group,
        count(*) as customer_count,
        avg(expected_purchases_90_days) as predicted_value,
        avg(purchases_after) as actual_value
    from outcomes
    where expected_purchases_90_days is not null
    group by purchase_tenth

    union all

    select
        'next_product_hit_rate' as trait,
        chosen_by as customer_group,
        count(*) as customer_count,
        null as predicted_value,
        avg(is_hit) as actual_value
    from hits
    group by chosen_by

),

final as (

    select
        trait || ':' || customer_group as quality_id,
        trait,
        customer_group,
        customer_count,
        cast(round(predicted_value, 4) as decimal(18, 4)) as predicted_value,
        cast(round(actual_value, 4) as decimal(18, 4)) as actual_value
    from rows_of_all

)

select * from final
order by quality_id asc

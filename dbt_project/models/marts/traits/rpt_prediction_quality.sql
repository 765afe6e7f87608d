-- Grain: one row per trait and group of customers: what was predicted 90 days ago, and what came.
with predicted as (

    select * from {{ ref('int_buyers__predicted') }}

),

buyers as (

    select * from {{ ref('int_buyers__dated') }}

),

chosen as (

    select * from {{ ref('int_next_products__ranked') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

clock as (

    select {{ as_of() }} as as_of

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

bought_after as (

    select distinct
        order_lines.customer_id,
        order_lines.product_id
    from order_lines
    cross join clock
    where
        order_lines.ordered_at >= clock.as_of - interval '90' day
        and not order_lines.is_cancelled
        and not order_lines.is_return
        and not order_lines.is_in_future

),

hits as (

    select
        chosen.chosen_by,
        chosen.customer_id,
        max(case when chosen.product_id = bought_after.product_id then 1 else 0 end) as is_hit
    from chosen
    inner join bought_after
        on chosen.customer_id = bought_after.customer_id
    where chosen.view_name = 'testing'
    group by chosen.chosen_by, chosen.customer_id

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

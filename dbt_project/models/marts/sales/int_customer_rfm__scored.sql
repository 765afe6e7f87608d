-- Grain: one row per customer with at least one order that was not cancelled.
-- A score is the fifth of all buyers that the customer falls into; equal buyers get equal scores.
with buyers as (

    select * from {{ ref('int_customer_orders__aggregated') }}
    where order_count > 0

),

clock as (

    select {{ as_of() }} as as_of

),

measured as (

    select
        buyers.customer_id,
        {{ dbt.datediff('buyers.last_order_at', 'clock.as_of', 'day') }} as recency_days,
        buyers.order_count,
        buyers.revenue_usd
    from buyers
    cross join clock

),

ranked as (

    select
        customer_id,
        recency_days,
        percent_rank() over (order by recency_days desc) as recency_share,
        percent_rank() over (order by order_count asc) as frequency_share,
        percent_rank() over (order by revenue_usd asc) as monetary_share
    from measured

),

scored as (

    select
        customer_id,
        recency_days,
        cast(least(1 + floor(5 * recency_share), 5) as integer) as recency_score,
        cast(least(1 + floor(5 * frequency_share), 5) as integer) as frequency_score,
        cast(least(1 + floor(5 * monetary_share), 5) as integer) as monetary_score
    from ranked

),

final as (

    select
        customer_id,
        cast(recency_days as integer) as recency_days,
        recency_score,
        frequency_score,
        monetary_score,
        case
            when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4
                then 'champion'
            when recency_score >= 3 and frequency_score >= 4 then 'loyal'
            when recency_score >= 4 and monetary_score >= 4 then 'big_spender'
            when recency_score >= 4 and frequency_score = 1 then 'new'
            when recency_score >= 3 then 'promising'
            when frequency_score >= 4 or monetary_score >= 4 then 'at_risk'
            when recency_score = 1 then 'lost'
            else 'sleeping'
        end as segment
    from scored

)

select * from final

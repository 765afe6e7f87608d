-- Grain: one row per day of view (60 days ago, now) and customer that had made a purchase by then.
-- A score is the fifth of all buyers that the customer falls into; equal buyers get equal scores.
with buyers_now as (

    select * from {{ ref('int_customer_orders__aggregated') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

clock as (

    select
        {{ as_of() }} as now_at,
        {{ as_of() }} - interval '60' day as then_at

),

buyers_then as (

    select
        orders.customer_id,
        max(case when not orders.is_return_only then orders.ordered_at end) as last_order_at,
        count(case when not orders.is_return_only then 1 end) as order_count,
        sum(orders.revenue_usd) as revenue_usd
    from orders
    cross join clock
    where
        orders.customer_id is not null
        and not orders.is_cancelled
        and orders.ordered_at <= clock.then_at
    group by orders.customer_id

),

measured as (

    {%- for view in ['now', 'then'] %}
        {%- set buyers = 'buyers_' ~ view %}
        select
            '{{ view }}' as view_name,
            {{ buyers }}.customer_id,
            {{ dbt.datediff(buyers ~ '.last_order_at', 'clock.' ~ view ~ '_at', 'day') }}
                as recency_days,
            {{ buyers }}.order_count,
            {{ buyers }}.revenue_usd
        from {{ buyers }}
        cross join clock
        where {{ buyers }}.order_count > 0
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

ranked as (

    select
        view_name,
        customer_id,
        recency_days,
        percent_rank() over (partition by view_name order by recency_days desc)
            as recency_share,
        percent_rank() over (partition by view_name order by order_count asc)
            as frequency_share,
        percent_rank() over (partition by view_name order by revenue_usd asc)
            as monetary_share
    from measured

),

scored as (

    select
        view_name,
        customer_id,
        recency_days,
        cast(least(1 + floor(5 * recency_share), 5) as integer) as recency_score,
        cast(least(1 + floor(5 * frequency_share), 5) as integer) as frequency_score,
        cast(least(1 + floor(5 * monetary_share), 5) as integer) as monetary_score
    from ranked

),

final as (

    select
        view_name,
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

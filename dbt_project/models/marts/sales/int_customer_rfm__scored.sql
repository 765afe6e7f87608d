-- Grain: one row per customer with at least one order that was not cancelled.
with viewed as (

    select * from {{ ref('int_customer_rfm__viewed') }}

),

final as (

    select
        customer_id,
        recency_days,
        recency_score,
        frequency_score,
        monetary_score,
        segment
    from viewed
    where view_name = 'now'

)

select * from final

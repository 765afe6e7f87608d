-- Grain: one row per order that has lines.
with order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

final as (

    select
        order_id,
        count(*) as line_count,
        sum(case when quantity > 0 then quantity else 0 end) as item_count,
        sum(case when quantity < 0 then -quantity else 0 end) as returned_item_count,
        sum(case when quantity < 0 then -line_amount_usd else 0 end) as returned_amount_usd
    from order_lines
    group by order_id

)

select * from final

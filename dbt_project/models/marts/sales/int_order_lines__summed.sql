-- Grain: one row per order that has lines.
with order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

final as (

    select
        order_id,
        count(*) as line_count,
        cast(sum(case when quantity > 0 then quantity else 0 end) as bigint) as item_count,
        cast(sum(case when quantity < 0 then -quantity else 0 end) as bigint)
            as returned_item_count,
        cast(sum(case when quantity < 0 then -line_amount_usd else 0 end) as decimal(18, 2))
            as returned_amount_usd
    from order_lines
    group by order_id

)

select * from final

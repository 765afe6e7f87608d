-- Grain: one row per way of choosing and customer who bought in the last 90 days: whether one of
-- the products chosen before then was among them.
with chosen as (

    select * from {{ ref('int_next_products__ranked') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

clock as (

    select {{ as_of() }} as as_of

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

final as (

    select
        chosen.chosen_by,
        chosen.customer_id,
        max(case when chosen.product_id = bought_after.product_id then 1 else 0 end) as is_hit
    from chosen
    inner join bought_after
        on chosen.customer_id = bought_after.customer_id
    where chosen.view_name = 'testing'
    group by chosen.chosen_by, chosen.customer_id

)

select * from final

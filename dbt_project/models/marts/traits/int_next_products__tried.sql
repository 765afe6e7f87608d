-- Grain: one row per way of choosing and customer who bought in the last 90 days: whether one of
-- the products chosen before then was among them.
with chosen as (

    select * from {{ ref('int_next_products__ranked') }}
    where view_name = 'testing'

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

buyers as (

    select customer_id from chosen
    intersect
    select customer_id from bought_after

),

-- both ways are tried on the same customers: who is offered nothing by one of them is missed by it
tried as (

    {%- for way in ['related', 'popular'] %}
        select
            '{{ way }}' as chosen_by,
            customer_id
        from buyers
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

hits as (

    select distinct
        chosen.chosen_by,
        chosen.customer_id
    from chosen
    inner join bought_after
        on
            chosen.customer_id = bought_after.customer_id
            and chosen.product_id = bought_after.product_id

),

final as (

    select
        tried.chosen_by,
        tried.customer_id,
        case when hits.customer_id is null then 0 else 1 end as is_hit
    from tried
    left join hits
        on
            tried.chosen_by = hits.chosen_by
            and tried.customer_id = hits.customer_id

)

select * from final

-- Grain: one row per customer and place (1 to 3) of a product it may want next.
with chosen as (

    select * from {{ ref('int_next_products__ranked') }}

),

quality as (

    select * from {{ ref('rpt_prediction_quality') }}
    where trait = 'next_product_hit_rate'

),

products as (

    select * from {{ ref('dim_products') }}

),

-- which way of choosing hit more often when it was tried 90 days ago; where both hit as often, or
-- none was tried, the one that goes by what the customer bought
better as (

    select
        case
            when
                max(case when customer_group = 'popular' then actual_value end)
                > max(case when customer_group = 'related' then actual_value end)
                then 'popular'
            else 'related'
        end as chosen_by
    from quality

),

preferred as (

    select
        chosen.customer_id,
        chosen.product_id,
        chosen.chosen_by,
        chosen.place,
        case when chosen.chosen_by = better.chosen_by then 0 else 1 end as preference,
        row_number() over (
            partition by chosen.customer_id, chosen.product_id
            order by case when chosen.chosen_by = better.chosen_by then 0 else 1 end asc
        ) as choice
    from chosen
    cross join better
    where chosen.view_name = 'now'

),

placed as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by
                preference asc,
                place asc
        ) as next_place
    from preferred
    where choice = 1

),

final as (

    select
        placed.customer_id,
        placed.next_place as place,
        placed.product_id,
        products.product_name,
        products.category,
        placed.chosen_by,
        case
            when placed.chosen_by = 'related' then 'bought by customers who bought the same'
            else 'bought by most customers'
        end as reason
    from placed
    left join products
        on placed.product_id = products.product_id
    where placed.next_place <= 3

)

select * from final
order by customer_id asc, place asc

-- Grain: one row per day of view, customer, way of choosing (related, popular) and place (1 to 3).
with order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

related as (

    select * from {{ ref('int_products__related') }}

),

clock as (

    select {{ as_of() }} as as_of

),

bought as (

    {%- for name, days in {'testing': 90, 'now': 0}.items() %}
        select distinct
            '{{ name }}' as view_name,
            order_lines.customer_id,
            order_lines.product_id
        from order_lines
        cross join clock
        where
            order_lines.customer_id is not null
            and order_lines.product_id is not null
            and not order_lines.is_cancelled
            and not order_lines.is_return
            and order_lines.ordered_at < clock.as_of - interval '{{ days }}' day
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

popular as (

    select
        view_name,
        product_id,
        row_number() over (
            partition by view_name
            order by
                count(*) desc,
                product_id asc  -- total order: reruns pick the same row
        ) as popularity_rank
    from bought
    group by view_name, product_id

),

candidates as (

    select
        bought.view_name,
        bought.customer_id,
        'related' as chosen_by,
        related.related_product_id as product_id,
        -- rounded, because a sum of fractions depends on the order it is made in
        round(sum(related.strength), 9) as score
    from bought
    inner join related
        on
            bought.view_name = related.view_name
            and bought.product_id = related.product_id
    group by bought.view_name, bought.customer_id, related.related_product_id

    union all

    -- ten are enough to leave three that the customer has not bought yet
    select
        customers.view_name,
        customers.customer_id,
        'popular' as chosen_by,
        popular.product_id,
        -popular.popularity_rank as score
    from (select distinct
        bought.view_name,
        bought.customer_id
    from bought) as customers
    inner join popular
        on
            customers.view_name = popular.view_name
            and popular.popularity_rank <= 10

),

final as (

    select
        candidates.view_name,
        candidates.customer_id,
        candidates.chosen_by,
        candidates.product_id,
        candidates.score,
        row_number() over (
            partition by candidates.view_name, candidates.customer_id, candidates.chosen_by
            order by
                candidates.score desc,
                candidates.product_id asc  -- total order: reruns pick the same row
        ) as place
    from candidates
    left join bought
        on
            candidates.view_name = bought.view_name
            and candidates.customer_id = bought.customer_id
            and candidates.product_id = bought.product_id
    where bought.product_id is null

)

select * from final
where place <= 3

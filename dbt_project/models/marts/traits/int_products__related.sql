-- Grain: one row per day of view, product and one of the five products most often bought by the
-- same customers, measured against how often each is bought at all.
with order_lines as (

    select * from {{ ref('fct_order_lines') }}

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

-- a buyer of hundreds of products says little about any two of them, and costs the square
telling as (

    select *
    from bought
    qualify count(*) over (partition by view_name, customer_id) <= 50

),

popularity as (

    select
        view_name,
        product_id,
        count(*) as customer_count
    from telling
    group by view_name, product_id

),

together as (

    select
        one.view_name,
        one.product_id,
        other.product_id as related_product_id,
        count(*) as customer_count
    from telling as one
    inner join telling as other
        on
            one.view_name = other.view_name
            and one.customer_id = other.customer_id
            and one.product_id <> other.product_id
    group by one.view_name, one.product_id, other.product_id
    having count(*) >= 2

),

measured as (

    select
        together.view_name,
        together.product_id,
        together.related_product_id,
        together.customer_count,
        together.customer_count
        / sqrt(popularity.customer_count * related_popularity.customer_count) as strength
    from together
    inner join popularity
        on
            together.view_name = popularity.view_name
            and together.product_id = popularity.product_id
    inner join popularity as related_popularity
        on
            together.view_name = related_popularity.view_name
            and together.related_product_id = related_popularity.product_id

),

final as (

    select
        *,
        row_number() over (
            partition by view_name, product_id
            order by
                strength desc,
                related_product_id asc  -- total order: reruns pick the same row
        ) as strength_rank
    from measured

)

select * from final
where strength_rank <= 5

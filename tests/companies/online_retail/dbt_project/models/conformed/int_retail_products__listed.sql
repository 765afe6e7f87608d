-- Grain: one row per stock code, charges such as POST among them.
with invoice_lines as (

    select * from {{ ref('stg_retail__invoice_lines') }}

),

named as (

    select
        product_id,
        product_name,
        count(*) as line_count
    from invoice_lines
    group by product_id, product_name

),

ranked as (

    select
        product_id,
        product_name,
        row_number() over (
            partition by product_id
            order by
                case when product_name is null then 1 else 0 end asc,
                line_count desc,
                product_name asc  -- total order: reruns pick the same row
        ) as name_rank
    from named

),

final as (

    select
        product_id,
        product_name
    from ranked
    where name_rank = 1

)

select * from final

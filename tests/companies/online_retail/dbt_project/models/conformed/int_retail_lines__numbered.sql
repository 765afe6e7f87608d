-- Grain: one row per line of an invoice or cancellation; equal lines of an invoice are real.
with invoice_lines as (

    select * from {{ ref('stg_retail__invoice_lines') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by order_id
            order by
                product_id asc,
                quantity asc,
                unit_price asc,
                product_name asc,
                ordered_at asc
        ) as line_number
    from invoice_lines

),

final as (

    select
        order_id || ':' || cast(line_number as varchar) as order_line_id,
        order_id,
        source_record_id,
        product_id,
        product_name,
        ordered_at,
        quantity,
        unit_price,
        cast(round(quantity * unit_price, 2) as decimal(18, 2)) as line_amount
    from numbered

)

select * from final

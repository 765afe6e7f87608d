-- Grain: one row per order of one customer.
with sales_lines as (

    select * from {{ ref('int_sales_lines__priced') }}

),

final as (

    select
        order_id,
        'store' as source_system,
        'web' as order_channel,
        source_record_id,
        min(ordered_at) as ordered_at,
        'completed' as order_status,
        'USD' as currency_code,
        sum(line_amount) as order_amount
    from sales_lines
    group by order_id, source_record_id

)

select * from final

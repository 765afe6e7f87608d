-- Grain: one row per invoice or cancellation. A cancellation is an invoice of its own that takes
-- goods back; it does not say which invoice it is about.
with invoice_lines as (

    select * from {{ ref('int_retail_lines__numbered') }}

),

final as (

    select
        order_id,
        'retail' as source_system,
        'web' as order_channel,
        min(source_record_id) as source_record_id,
        min(ordered_at) as ordered_at,
        'completed' as order_status,
        'GBP' as currency_code,
        sum(line_amount) as order_amount
    from invoice_lines
    group by order_id

)

select * from final

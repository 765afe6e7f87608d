-- Grain: one row per till receipt, with the loyalty member whose card was shown.
with receipts as (

    select * from {{ ref('stg_pos__receipts') }}

),

cards as (

    select * from {{ ref('stg_loyalty__cards') }}

),

attributed as (

    select
        receipts.order_id,
        receipts.source_system,
        receipts.order_channel,
        cards.source_record_id,
        false as is_guest,
        receipts.ordered_at,
        case when receipts.order_amount < 0 then 'returned' else 'completed' end as order_status,
        receipts.currency_code,
        receipts.order_amount,
        false as is_cancelled,
        receipts.order_amount < 0 as is_returned,
        receipts.payment_method
    from receipts
    left join cards
        on receipts.card_no = cards.card_no

)

select * from attributed

-- Grain: one row per order or receipt of any channel, whether or not its buyer is known.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

summed_lines as (

    select * from {{ ref('int_order_lines__summed') }}

),

identities as (

    select * from {{ ref('customer_identities') }}

),

valued as (

    select
        orders.order_id,
        identities.customer_id,
        orders.source_system,
        orders.order_channel,
        orders.ordered_at,
        orders.order_status,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(orders.is_returned, false) as is_returned,
        coalesce(summed_lines.returned_item_count, 0) > 0 as has_return_lines,
        orders.payment_method,
        orders.currency_code,
        coalesce(summed_lines.line_count, 0) as line_count,
        coalesce(summed_lines.item_count, 0) as item_count,
        coalesce(summed_lines.returned_item_count, 0) as returned_item_count,
        orders.order_amount,
        coalesce(orders.order_amount_usd, 0) as order_amount_usd,
        coalesce(summed_lines.returned_amount_usd, 0) as line_returned_amount_usd
    from orders
    left join identities
        on orders.source_record_id = identities.source_record_id
    left join summed_lines
        on orders.order_id = summed_lines.order_id

),

settled as (

    select
        *,
        case
            when is_cancelled then 0
            -- lines of negative quantity say what came back;
            -- an order marked returned that has none came back whole
            when has_return_lines then line_returned_amount_usd
            when is_returned then order_amount_usd
            else 0
        end as returned_amount_usd,
        case when is_cancelled then order_amount_usd else 0 end as cancelled_amount_usd
    from valued

),

final as (

    select
        order_id,
        customer_id,
        source_system,
        order_channel,
        ordered_at,
        order_status,
        is_cancelled,
        is_returned or has_return_lines as is_returned,
        payment_method,
        currency_code,
        cast(line_count as bigint) as line_count,
        cast(item_count as bigint) as item_count,
        cast(returned_item_count as bigint) as returned_item_count,
        cast(order_amount as decimal(18, 2)) as order_amount,
        cast(order_amount_usd as decimal(18, 2)) as order_amount_usd,
        cast(cancelled_amount_usd as decimal(18, 2)) as cancelled_amount_usd,
        cast(returned_amount_usd as decimal(18, 2)) as returned_amount_usd,
        cast(
            order_amount_usd - cancelled_amount_usd - returned_amount_usd as decimal(18, 2)
        ) as revenue_usd
    from settled

)

select * from final
order by order_id asc

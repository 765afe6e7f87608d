-- Grain: one row per order or receipt of any channel, whether or not its buyer is known.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

summed_lines as (

    select * from {{ ref('int_order_lines__summed') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

clock as (

    select {{ as_of() }} as as_of

),

valued as (

    select
        orders.order_id,
        identities.customer_id,
        orders.source_system,
        orders.order_channel,
        orders.ordered_at,
        -- an order dated after the run is kept, and counts from its day on
        coalesce(orders.ordered_at > clock.as_of, false) as is_in_future,
        orders.order_status,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(orders.is_returned, false) as is_returned,
        orders.payment_method,
        orders.currency_code,
        coalesce(summed_lines.line_count, 0) as line_count,
        coalesce(summed_lines.item_count, 0) as item_count,
        coalesce(summed_lines.returned_item_count, 0) as returned_item_count,
        orders.order_amount,
        coalesce(orders.order_amount_usd, 0) as order_amount_usd,
        case
            when orders.is_cancelled then 0
            else coalesce(summed_lines.returned_amount_usd, 0)
        end as returned_amount_usd
    from orders
    left join identities
        on orders.source_record_id = identities.source_record_id
    left join summed_lines
        on orders.order_id = summed_lines.order_id
    cross join clock

),

final as (

    select
        order_id,
        customer_id,
        source_system,
        order_channel,
        ordered_at,
        order_status,
        is_in_future,
        is_cancelled,
        is_returned or returned_item_count > 0 as is_returned,
        -- a till writes a receipt of its own for goods that come back
        order_amount_usd < 0 or (item_count = 0 and returned_item_count > 0) as is_return_only,
        payment_method,
        currency_code,
        cast(line_count as bigint) as line_count,
        cast(item_count as bigint) as item_count,
        cast(returned_item_count as bigint) as returned_item_count,
        cast(order_amount as decimal(18, 2)) as order_amount,
        cast(order_amount_usd as decimal(18, 2)) as order_amount_usd,
        -- the amount of an order is what its lines come to, those of returned goods taken off
        cast(order_amount_usd + returned_amount_usd as decimal(18, 2)) as ordered_amount_usd,
        cast(case when is_cancelled then order_amount_usd else 0 end as decimal(18, 2))
            as cancelled_amount_usd,
        cast(returned_amount_usd as decimal(18, 2)) as returned_amount_usd,
        cast(
            case when is_in_future and not is_cancelled then order_amount_usd else 0 end
            as decimal(18, 2)
        ) as pending_amount_usd,
        cast(
            case when is_cancelled or is_in_future then 0 else order_amount_usd end
            as decimal(18, 2)
        ) as revenue_usd
    from valued

)

select * from final
order by order_id asc

-- Categories break revenue down; a dollar that is in none of them, or in two, would be a made-up figure.
with categories as (

    select coalesce(sum(revenue_usd), 0) as revenue_usd
    from {{ ref('customer_categories') }}

),

order_lines as (

    select coalesce(sum(line_amount_usd), 0) as revenue_usd
    from {{ ref('fct_order_lines') }}
    where
        customer_id is not null
        and not is_cancelled
        and not is_in_future

)

select
    categories.revenue_usd as category_revenue_usd,
    order_lines.revenue_usd as line_revenue_usd
from categories
cross join order_lines
where categories.revenue_usd <> order_lines.revenue_usd

-- Grain: one row per buyer and day of view (180 days ago, 90 days ago, now): purchases till then
-- and in the 90 days after.
with orders as (

    select * from {{ ref('fct_orders') }}

),

clock as (

    select {{ as_of() }} as as_of

),

{%- set views = {'learning': 180, 'testing': 90, 'now': 0} %}

views as (

    {%- for name, days in views.items() %}
        select
            '{{ name }}' as view_name,
            clock.as_of - interval '{{ days }}' day as seen_at
        from clock
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

purchase_days as (

    select
        customer_id,
        cast(ordered_at as date) as purchase_date,
        min(ordered_at) as ordered_at,
        sum(ordered_amount_usd) as spent_usd,
        row_number() over (
            partition by customer_id
            order by cast(ordered_at as date) asc
        ) as day_number
    from orders
    where
        customer_id is not null
        and not is_cancelled
        and not is_return_only
    group by customer_id, cast(ordered_at as date)

),

bought as (

    select
        views.view_name,
        views.seen_at,
        purchase_days.customer_id,
        count(*) as purchase_day_count,
        min(purchase_days.purchase_date) as first_date,
        max(purchase_days.purchase_date) as last_date,
        avg(purchase_days.spent_usd) as average_spend_usd,
        avg(case when purchase_days.day_number > 1 then purchase_days.spent_usd end)
            as average_repeat_spend_usd
    from views
    inner join purchase_days
        on views.seen_at > purchase_days.ordered_at
    group by views.view_name, views.seen_at, purchase_days.customer_id

),

bought_after as (

    select
        views.view_name,
        purchase_days.customer_id,
        count(*) as purchases_after
    from views
    inner join purchase_days
        on
            views.seen_at <= purchase_days.ordered_at
            and views.seen_at > purchase_days.ordered_at - interval '90' day
    group by views.view_name, purchase_days.customer_id

),

final as (

    select
        bought.*,
        case when bought.view_name <> 'now' then coalesce(bought_after.purchases_after, 0) end
            as purchases_after
    from bought
    left join bought_after
        on
            bought.view_name = bought_after.view_name
            and bought.customer_id = bought_after.customer_id

)

select * from final

-- Grain: one row per breakdown (all, segment, channel, country, customer, category, product) and
-- member: the last 30 days against the 30 before, and how much of the whole change it makes up.
with amounts as (

    select * from {{ ref('int_revenue__broken_down') }}

),

summed as (

    select
        breakdown,
        member,
    {%- for period, condition in {'latest': 'is_latest', 'previous': 'not is_latest'}.items() %}
        coalesce(sum(case when {{ condition }} then revenue_usd end), 0)
            as {{ period }}_revenue_usd,
        -- what only brings goods back lowers revenue, and is no order
        count(distinct case when {{ condition }} and is_purchase then order_id end)
            as {{ period }}_order_count,
        count(distinct case when {{ condition }} and is_purchase then customer_id end)
            as {{ period }}_customer_count{{ "," if not loop.last }}
    {%- endfor %}
    from amounts
    group by breakdown, member

),

explained as (

    select
        *,
        latest_revenue_usd - previous_revenue_usd as change_usd,
        -- what the change would be had every order been worth what one was before
        case
            when previous_order_count = 0 then latest_revenue_usd - previous_revenue_usd
            else
                (latest_order_count - previous_order_count)
                * previous_revenue_usd / previous_order_count
        end as change_by_order_count_usd
    from summed

),

final as (

    select
        breakdown || ':' || member as change_id,
        breakdown,
        member,
        cast(latest_revenue_usd as decimal(18, 2)) as latest_revenue_usd,
        cast(previous_revenue_usd as decimal(18, 2)) as previous_revenue_usd,
        cast(change_usd as decimal(18, 2)) as change_usd,
        cast(round(change_usd / nullif(abs(previous_revenue_usd), 0), 4) as decimal(18, 4))
            as change_share,
        cast(
            round(change_usd / nullif(abs(sum(change_usd) over (partition by breakdown)), 0), 4)
            as decimal(18, 4)
        ) as part_of_change,
        cast(round(change_by_order_count_usd, 2) as decimal(18, 2)) as change_by_order_count_usd,
        cast(change_usd - round(change_by_order_count_usd, 2) as decimal(18, 2))
            as change_by_order_value_usd,
        latest_order_count,
        previous_order_count,
        latest_customer_count,
        previous_customer_count
    from explained

)

select * from final
order by change_id asc

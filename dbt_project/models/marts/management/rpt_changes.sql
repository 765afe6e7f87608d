-- Grain: one row per breakdown (all, segment, channel, country, category) and member: the last 30
-- days against the 30 before, and how much of the whole change it makes up.
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
        count(distinct case when {{ condition }} then order_id end) as {{ period }}_order_count,
        count(distinct case when {{ condition }} then customer_id end)
            as {{ period }}_customer_count{{ "," if not loop.last }}
    {%- endfor %}
    from amounts
    group by breakdown, member

),

final as (

    select
        breakdown || ':' || member as change_id,
        breakdown,
        member,
        cast(latest_revenue_usd as decimal(18, 2)) as latest_revenue_usd,
        cast(previous_revenue_usd as decimal(18, 2)) as previous_revenue_usd,
        cast(latest_revenue_usd - previous_revenue_usd as decimal(18, 2)) as change_usd,
        cast(
            round(
                (latest_revenue_usd - previous_revenue_usd) / nullif(abs(previous_revenue_usd), 0),
                4
            ) as decimal(18, 4)
        ) as change_share,
        cast(
            round(
                (latest_revenue_usd - previous_revenue_usd)
                / nullif(
                    abs(
                        sum(latest_revenue_usd - previous_revenue_usd)
                            over (partition by breakdown)
                    ),
                    0
                ),
                4
            ) as decimal(18, 4)
        ) as part_of_change,
        latest_order_count,
        previous_order_count,
        latest_customer_count,
        previous_customer_count
    from summed

)

select * from final
order by change_id asc

-- Grain: one row per campaign that was paid for and segment of the customers it met: their part of
-- the cost. A campaign that met nobody we know cost us all the same: its cost is not_known's.
with costs as (

    select * from {{ ref('int_campaign_costs__unioned') }}

),

timeline as (

    select * from {{ ref('customer_timeline') }}

),

segments as (

    select * from {{ ref('int_customer_rfm__scored') }}

),

spent as (

    select
        campaign_id,
        sum(cost_usd) as cost_usd
    from costs
    group by campaign_id

),

met as (

    select distinct
        campaign_id,
        customer_id
    from timeline
    where
        campaign_id is not null
        and interaction_type <> 'bounce'

),

counted as (

    select
        met.campaign_id,
        coalesce(segments.segment, 'not_known') as segment,
        count(*) as customer_count
    from met
    left join segments
        on met.customer_id = segments.customer_id
    group by met.campaign_id, coalesce(segments.segment, 'not_known')

),

final as (

    select
        spent.campaign_id,
        coalesce(counted.segment, 'not_known') as segment,
        coalesce(counted.customer_count, 0) as customer_count,
        -- as a decimal: a sum of parts must not hang on the order they are added up in
        cast(
            spent.cost_usd
            * coalesce(
                counted.customer_count
                / sum(counted.customer_count) over (partition by spent.campaign_id),
                1
            ) as decimal(18, 6)
        ) as cost_usd
    from spent
    left join counted
        on spent.campaign_id = counted.campaign_id

)

select * from final

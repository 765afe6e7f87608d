-- Grain: one row per interaction of a customer up to now, by the clock of its country.
with timeline as (

    select * from {{ ref('customer_timeline') }}

),

customers as (

    select * from {{ ref('int_customers__golden') }}

),

offsets as (

    select * from {{ ref('country_utc_offsets') }}

),

clock as (

    select {{ as_of() }} as as_of

),

local_interactions as (

    select
        timeline.customer_id,
        timeline.channel,
        timeline.interaction_type,
        timeline.occurred_at,
        -- a country whose clock is not in the list keeps UTC
        timeline.occurred_at
        + interval '1' minute * coalesce(offsets.utc_offset_minutes, 0) as local_at
    from timeline
    inner join customers
        on timeline.customer_id = customers.customer_id
    left join offsets
        on customers.country_code = offsets.country_code
    cross join clock
    where
        -- what the company did is no habit of the customer, but counts as contact
        timeline.channel not in ('billing', 'sales')
        and timeline.interaction_type not in ('bounce', 'outbound_call')
        and timeline.occurred_at <= clock.as_of

),

final as (

    select
        *,
        cast(date_part('isodow', local_at) as bigint) as weekday,  -- noqa: RF04
        cast(date_part('hour', local_at) as bigint) as local_hour,
        interaction_type <> 'send' as is_own_doing,
        occurred_at > (select clock.as_of from clock) - interval '90' day as is_within_90_days,
        occurred_at > (select clock.as_of from clock) - interval '30' day as is_within_30_days
    from local_interactions

)

select * from final

-- Grain: one row per segment, customer and stay in it.
-- Stays are carried on from run to run: an id that was merged away goes on as the customer it
-- became, and a run that is repeated for its day gives the same rows.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='segment_name',
    on_schema_change='fail',
    full_refresh=false,
) }}
with members as (

    select * from {{ ref('int_segment_members__evaluated') }}

),

segments as (

    select * from {{ ref('int_segments__read') }}

),

aliases as (  -- noqa: ST03

    select * from {{ ref('customer_aliases') }}

),

clock as (

    select {{ as_of() }} as as_of

),

before as (

    {% if is_incremental() %}
        select
            stays.segment_name,
            coalesce(aliases.current_customer_id, stays.customer_id) as customer_id,
            stays.entered_at,
            case when stays.left_at < clock.as_of then stays.left_at end as left_at
        from {{ this }} as stays
        left join aliases
            on stays.customer_id = aliases.customer_id
        cross join clock
        where stays.entered_at < clock.as_of
    {% else %}
        select
            cast(null as {{ dbt.type_string() }}) as segment_name,
            cast(null as {{ dbt.type_string() }}) as customer_id,
            cast(null as timestamp) as entered_at,
            cast(null as timestamp) as left_at
        where false
    {% endif %}

),

-- of two stays that a merge made one, the older is kept
open_stays as (

    select
        segment_name,
        customer_id,
        min(entered_at) as entered_at
    from before
    where left_at is null
    group by segment_name, customer_id

),

stays as (

    select
        segment_name,
        customer_id,
        entered_at,
        max(left_at) as left_at
    from before
    where left_at is not null
    group by segment_name, customer_id, entered_at

    union all

    select
        coalesce(members.segment_name, open_stays.segment_name) as segment_name,
        coalesce(members.customer_id, open_stays.customer_id) as customer_id,
        coalesce(open_stays.entered_at, clock.as_of) as entered_at,
        case
            -- a segment that was refused keeps whom it had
            when members.customer_id is null and coalesce(segments.status, '') <> 'refused'
                then clock.as_of
        end as left_at
    from members
    full outer join open_stays
        on
            members.segment_name = open_stays.segment_name
            and members.customer_id = open_stays.customer_id
    left join segments
        on open_stays.segment_name = segments.segment_name
    cross join clock

),

final as (

    select
        segment_name,
        customer_id,
        entered_at,
        left_at,
        left_at is null as is_member
    from stays

)

select * from final
order by segment_name asc, customer_id asc, entered_at asc

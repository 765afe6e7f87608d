-- Grain: one row per segment, customer id as it was recorded, and stay in it.
-- Stays are carried on from run to run under the id of the time, so that an undone merge gives them
-- back; what an earlier try of the run began, or a run ahead of the clock, is forgotten first.
-- depends_on: {{ ref('customer_aliases') }}, {{ ref('int_merges__undone') }}
{{ config(pre_hook=[
    "{% if is_incremental() %}alter table {{ this }} add column if not exists recorded_order bigint{% endif %}",
    "{% if is_incremental() %}delete from {{ this }} where entered_at >= {{ as_of() }}{% endif %}"
]) }}
with members as (

    select * from {{ ref('int_segment_members__evaluated') }}

),

clock as (

    select
        {{ as_of() }} as as_of,
        max(every_run.started_order) as started_order
    from {{ source('quality', 'runs') }} as every_run

),

before as (

    {% if is_incremental() %}
        select
            stays.segment_name,
            stays.recorded_customer_id,
            coalesce(aliases.current_customer_id, stays.recorded_customer_id) as customer_id,
            stays.entered_at,
            case when stays.left_at < clock.as_of then stays.left_at end as left_at,
            stays.recorded_order,
            min(undos.merged_at) as merged_at
        from {{ this }} as stays
        left join {{ ref('customer_aliases') }} as aliases
            on stays.recorded_customer_id = aliases.customer_id
        cross join clock
        left join {{ ref('int_merges__undone') }} as undos
            on
                stays.recorded_customer_id = undos.customer_id
                and (clock.as_of = undos.restored_at or stays.recorded_order < undos.restored_order)
        where stays.entered_at < clock.as_of
        group by all
    {% else %}
        select
            cast(null as {{ dbt.type_string() }}) as segment_name,
            cast(null as {{ dbt.type_string() }}) as recorded_customer_id,
            cast(null as {{ dbt.type_string() }}) as customer_id,
            cast(null as timestamp) as entered_at,
            cast(null as timestamp) as left_at,
            cast(null as bigint) as recorded_order,
            cast(null as timestamp) as merged_at
        where false
    {% endif %}

),

believed as (

    select
        before.segment_name,
        before.recorded_customer_id,
        before.customer_id,
        before.entered_at,
        -- a segment that was refused keeps whom it had, and learns later what was undone meanwhile
        members.customer_id is not null or refused.segment_name is not null as is_in,
        case when refused.segment_name is not null then before.recorded_order end as kept_order,
        case
            -- who is in was never out, but for the merge that is undone now
            when members.customer_id is not null and before.left_at >= before.merged_at then null
            -- who came in by it and is out without it was never in: a stay without length
            when
                coalesce(members.customer_id, refused.segment_name) is null
                and before.left_at is null
                and before.entered_at >= before.merged_at
                then before.entered_at
            else before.left_at
        end as left_at
    from before
    left join members
        on
            before.segment_name = members.segment_name
            and before.customer_id = members.customer_id
    left join {{ ref('int_segments__read') }} as refused
        on before.segment_name = refused.segment_name and refused.status = 'refused'

),

final as (

    select
        believed.segment_name,
        believed.recorded_customer_id,
        believed.entered_at,
        coalesce(believed.left_at, case when not believed.is_in then clock.as_of end) as left_at,
        coalesce(believed.kept_order, clock.started_order) as recorded_order
    from believed
    cross join clock

    union all

    select
        members.segment_name,
        members.customer_id as recorded_customer_id,
        clock.as_of as entered_at,
        cast(null as timestamp) as left_at,
        clock.started_order as recorded_order
    from members
    left join believed
        on
            members.segment_name = believed.segment_name
            and members.customer_id = believed.customer_id
            and believed.left_at is null
    cross join clock
    where believed.customer_id is null

)

select * from final

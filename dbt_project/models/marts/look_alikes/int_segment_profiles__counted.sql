-- Grain: one row per view (now, testing), segment and profile that members shown to it have. To
-- testing, members who are held out are not shown.
with members as (

    select * from {{ ref('int_segment_members__evaluated') }}

),

customers as (

    select * from {{ ref('int_customers__profiled') }}

),

final as (

    {%- for view, shown in {'now': 'true', 'testing': 'not customers.is_held_out'}.items() %}
        select
            '{{ view }}' as view_name,
            members.segment_name,
            customers.profile_id,
            count(case when {{ shown }} then 1 end) as member_count,
            count(case when not ({{ shown }}) then 1 end) as held_out_count
        from members
        inner join customers
            on members.customer_id = customers.customer_id
        group by members.segment_name, customers.profile_id
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select * from final

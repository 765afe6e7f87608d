-- Grain: one row per customer and golden attribute that can grow old, whether or not it is known.
{%- set attributes = {
    'name': 'display_name', 'email': 'email', 'phone': 'phone', 'address': 'street_raw',
    'household_size': 'household_size', 'income_band': 'income_band', 'interests': 'interests',
} %}
with customers as (

    select * from {{ ref('customer_360') }}

),

half_lives as (

    select * from {{ ref('half_lives') }}

),

clock as (

    select {{ as_of() }} as as_of

),

known as (

    {%- for attribute, column in attributes.items() %}
        select
            customer_id,
            '{{ attribute }}' as attribute,  -- noqa: RF04
            {{ column }} is not null as is_known,
            case when {{ column }} is not null then {{ attribute }}_source end as source_system,
            case when {{ column }} is not null then {{ attribute }}_updated_at end as dated_at
        from customers
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

aged as (

    select
        known.customer_id,
        known.attribute,
        known.is_known,
        {{ dbt.datediff('known.dated_at', 'clock.as_of', 'day') }} as age_days,
        coalesce(own.half_life_days, any_source.half_life_days, 1095) as half_life_days
    from known
    left join half_lives as own
        on
            known.attribute = own.attribute
            and known.source_system = own.source_system
    left join half_lives as any_source
        on
            known.attribute = any_source.attribute
            and any_source.source_system = 'any'
    cross join clock

),

final as (

    select
        customer_id,
        attribute,
        is_known,
        cast(case when age_days < 0 then 0 else age_days end as bigint) as age_days,
        cast(half_life_days as bigint) as half_life_days,
        -- a value without a date is believed as little as one a half-life old
        case
            when not is_known then 0
            when age_days is null then 0.5
            else power(0.5, greatest(age_days, 0) * 1.0 / half_life_days)
        end as confidence
    from aged

)

select * from final

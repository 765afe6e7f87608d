-- Grain: one row per customer: how old its golden values are, and what to ask for again.
{%- set attributes = [
    'name', 'email', 'phone', 'address', 'household_size', 'income_band', 'interests'
] %}
{%- set asked_for = ['email', 'phone', 'address'] %}
with golden_values as (

    select * from {{ ref('int_golden_values__aged') }}

),

customers as (

    select * from {{ ref('customer_360') }}

),

wide as (

    select
        customer_id,
    {%- for attribute in attributes %}
        max(case when attribute = '{{ attribute }}' then age_days end)
            as {{ attribute }}_age_days,
        max(case when attribute = '{{ attribute }}' then half_life_days end)
            as {{ attribute }}_half_life_days,
        max(case when attribute = '{{ attribute }}' then confidence end)
            as {{ attribute }}_confidence{{ "," if not loop.last }}
    {%- endfor %}
    from golden_values
    group by customer_id

),

asked as (

    select
        *,
        nullif(
            concat_ws(
                ',',
                {%- for attribute in asked_for %}
                    case when {{ attribute }}_confidence < 0.5 then '{{ attribute }}' end
                    {{- "," if not loop.last }}
                {%- endfor %}
            ),
            ''
        ) as ask_again_for
    from wide

),

final as (

    select
        asked.customer_id,
        {%- for attribute in attributes %}
            asked.{{ attribute }}_age_days,
            asked.{{ attribute }}_half_life_days,
            cast(round(asked.{{ attribute }}_confidence, 4) as decimal(9, 4))
                as {{ attribute }}_confidence,
            asked.{{ attribute }}_confidence < 0.5 and asked.{{ attribute }}_confidence > 0
                as is_{{ attribute }}_stale,
        {%- endfor %}
        asked.ask_again_for,
        case
            when asked.ask_again_for is null then null
            when customers.is_contactable_email and asked.email_confidence >= 0.5 then 'email'
            when customers.is_contactable_sms and asked.phone_confidence >= 0.5 then 'sms'
            when customers.is_contactable_push then 'push'
            else 'next_contact'
        end as ask_again_by,
        case
            when asked.ask_again_for is not null and not customers.is_test_account
                then row_number() over (
                    partition by asked.ask_again_for is not null and not customers.is_test_account
                    order by
                        customers.revenue_usd desc,
                        asked.customer_id asc  -- total order: reruns pick the same row
                )
        end as ask_again_place
    from asked
    inner join customers
        on asked.customer_id = customers.customer_id

)

select * from final
order by customer_id asc

-- Grain: one row per customer that any vendor knows something about.
{%- set attributes = ['income_band', 'household_size', 'interests'] %}
with demographics as (

    select * from {{ ref('int_demographics__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

ranked as (

    select
        identities.customer_id,
        identities.source_system,
        demographics.source_record_id,
        demographics.income_band,
        cast(demographics.household_size as bigint) as household_size,
        demographics.interests,
        cast(demographics.collected_date as timestamp) as collected_at,
        row_number() over (
            partition by identities.customer_id
            order by
                demographics.collected_date desc nulls last,
                demographics.vendor asc,
                demographics.source_record_id asc  -- total order: reruns pick the same row
        ) as survivorship_rank
    from demographics
    inner join identities
        on demographics.source_record_id = identities.source_record_id

),

winners as (

    select
        customer_id,
        source_system,
        source_record_id,
        {%- for attribute in attributes %}
            {{ attribute }},
            min(case when {{ attribute }} is not null then survivorship_rank end)
                over (partition by customer_id) as {{ attribute }}_rank,
        {%- endfor %}
        collected_at,
        survivorship_rank
    from ranked

),

final as (

    select
        customer_id,
        {%- for attribute in attributes %}
            max(case when survivorship_rank = {{ attribute }}_rank then {{ attribute }} end)
                as {{ attribute }},
            max(case when survivorship_rank = {{ attribute }}_rank then source_system end)
                as {{ attribute }}_source,
            max(case when survivorship_rank = {{ attribute }}_rank then source_record_id end)
                as {{ attribute }}_source_record_id,
            max(case when survivorship_rank = {{ attribute }}_rank then collected_at end)
                as {{ attribute }}_updated_at,
        {%- endfor %}
        count(*) as demographic_record_count
    from winners
    group by customer_id

)

select * from final

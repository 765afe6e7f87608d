-- Grain: one row per record of a vendor that belongs to a customer.
{%- set attributes = ['income_band', 'household_size', 'interests'] %}
with bought_in as (

    select * from {{ ref('int_vendor_values__held') }}

),

half_lives as (

    select * from {{ ref('half_lives') }}

),

lives as (

    select
        coalesce(max(case when attribute = 'income_band' then half_life_days end), 1095)
            as income_band_days,
        coalesce(max(case when attribute = 'household_size' then half_life_days end), 1095)
            as household_size_days,
        coalesce(max(case when attribute = 'interests' then half_life_days end), 1095)
            as interests_days
    from half_lives
    where source_system = 'any'

),

-- a value without a date is believed as little as one a half-life old
weighed as (

    select
        bought_in.*,
        {%- for attribute in attributes %}
            case
                when bought_in.{{ attribute }} is null then null
                when bought_in.age_days is null then 0.5
                else power(0.5, greatest(bought_in.age_days, 0) * 1.0 / lives.{{ attribute }}_days)
            end as {{ attribute }}_weight,
        {%- endfor %}
        row_number() over (
            partition by bought_in.customer_id
            order by
                bought_in.age_days asc nulls last,
                bought_in.vendor asc,
                bought_in.source_record_id asc  -- total order: reruns pick the same row
        ) as recency_rank
    from bought_in
    cross join lives

),

final as (

    select
        source_record_id,
        customer_id,
        vendor,
        income_band,
        cast(household_size as bigint) as household_size,
        interests,
        cast(age_days as bigint) as age_days,
        {%- for attribute in attributes %}
            cast(round({{ attribute }}_weight, 4) as decimal(9, 4)) as {{ attribute }}_weight,
        {%- endfor %}
        coalesce(
            least(income_band_weight, household_size_weight, interests_weight) < 0.5, false
        ) as is_stale,
        recency_rank = 1 as is_newest,
        case
            when
                birth_year <> known_birth_year
                -- we may know only some of those who live there
                or household_size < known_household_size
                then 'differs'
            when birth_year = known_birth_year then 'agrees'
            else 'unknown'
        end as fit
    from weighed

)

select * from final
order by source_record_id asc

-- Grain: one row per vendor of bought-in data and attribute.
{%- set attributes = ['income_band', 'household_size', 'interests', 'birth_year'] %}
with bought_in as (

    select * from {{ ref('int_vendor_values__held') }}

),

half_lives as (

    select * from {{ ref('half_lives') }}

),

prices as (

    select * from {{ ref('vendor_prices') }}

),

measured as (

    {%- for attribute in attributes %}
        select
            bought_in.vendor,
            '{{ attribute }}' as attribute,  -- noqa: RF04
            count(*) as record_count,
            count(distinct bought_in.customer_id) as customer_count,
            count(case when bought_in.is_customer_of_ours then 1 end) as fitting_record_count,
            count(bought_in.{{ attribute }}) as filled_count,
            count(
                case
                    when bought_in.age_days > half_lives.half_life_days
                        then bought_in.{{ attribute }}
                end
            ) as stale_count,
            count(
                case
                    when
                        bought_in.age_days <= coalesce(half_lives.half_life_days, 36500)
                        and bought_in.is_customer_of_ours
                        then bought_in.{{ attribute }}
                end
            ) as useful_count,
            avg(bought_in.age_days) as average_age_days,
            {%- if attribute in ['household_size', 'birth_year'] %}
                count(
                    case
                        when bought_in.known_{{ attribute }} is not null
                            then bought_in.{{ attribute }}
                    end
                ) as compared_count,
                -- we may know only some of those who live there, so that a larger household agrees
                count(
                    case
                        when
                            bought_in.known_{{ attribute }}
                            {{ '<=' if attribute == 'household_size' else '=' }}
                            bought_in.{{ attribute }}
                            then 1
                    end
                ) as agreeing_count
            {%- else %}
                0 as compared_count,
                0 as agreeing_count
            {%- endif %}
        from bought_in
        left join half_lives
            on
                half_lives.attribute = '{{ attribute }}'
                and half_lives.source_system = 'any'
        group by bought_in.vendor
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

final as (

    select
        measured.vendor || ':' || measured.attribute as vendor_attribute_id,
        measured.vendor,
        measured.attribute,
        measured.record_count,
        measured.customer_count,
        measured.fitting_record_count,
        measured.filled_count,
        measured.stale_count,
        measured.useful_count,
        cast(round(measured.average_age_days) as bigint) as average_age_days,
        measured.compared_count,
        cast(
            round(measured.agreeing_count / nullif(measured.compared_count, 0), 4) as decimal(9, 4)
        ) as agreement_share,
        cast(
            round(
                prices.price_per_record_usd * measured.record_count
                / nullif(measured.useful_count, 0),
                4
            ) as decimal(18, 4)
        ) as cost_per_useful_value_usd
    from measured
    left join prices
        on measured.vendor = prices.vendor

)

select * from final
order by vendor_attribute_id asc

-- Grain: one row per segment and place of a customer that is not in it and is most like its
-- members.
with placed as (

    select * from {{ ref('int_look_alikes__placed') }}

),

features as (

    select * from {{ ref('int_profile_features__listed') }}

),

weights as (

    select * from {{ ref('int_segment_features__weighed') }}
    where
        view_name = 'now'
        and weight > 0

),

chosen_profiles as (

    select distinct
        segment_name,
        profile_id
    from placed

),

said as (

    select
        chosen_profiles.segment_name,
        chosen_profiles.profile_id,
        features.feature || ' ' || features.feature_value as reason,
        row_number() over (
            partition by chosen_profiles.segment_name, chosen_profiles.profile_id
            order by
                weights.weight desc,
                features.feature asc  -- total order: reruns pick the same row
        ) as reason_number
    from chosen_profiles
    inner join features
        on chosen_profiles.profile_id = features.profile_id
    inner join weights
        on
            chosen_profiles.segment_name = weights.segment_name
            and features.feature = weights.feature
            and features.feature_value = weights.feature_value

),

reasons as (

    select
        segment_name,
        profile_id,
        {{ dbt.listagg('reason', "'; '", 'order by reason_number asc') }} as reasons
    from said
    where reason_number <= 3
    group by segment_name, profile_id

),

final as (

    select
        placed.segment_name,
        placed.place,
        placed.customer_id,
        cast(round(placed.likeness, 4) as decimal(9, 4)) as likeness,
        reasons.reasons
    from placed
    inner join reasons
        on
            placed.segment_name = reasons.segment_name
            and placed.profile_id = reasons.profile_id

)

select * from final
order by segment_name asc, place asc

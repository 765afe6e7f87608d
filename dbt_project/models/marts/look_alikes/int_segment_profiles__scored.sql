-- Grain: one row per view, segment and profile that has customers to choose from: how like the
-- members it is, and how many customers come before its own.
with features as (

    select * from {{ ref('int_profile_features__listed') }}

),

weights as (

    select * from {{ ref('int_segment_features__weighed') }}

),

members as (

    select * from {{ ref('int_segment_profiles__counted') }}

),

scored as (

    select
        weights.view_name,
        weights.segment_name,
        features.profile_id,
        features.customer_count,
        -- rounded, because a sum of fractions depends on the order it is made in
        round(sum(weights.weight), 6) as likeness
    from features
    inner join weights
        on
            features.feature = weights.feature
            and features.feature_value = weights.feature_value
    group by
        weights.view_name,
        weights.segment_name,
        features.profile_id,
        features.customer_count

),

counted as (

    select
        scored.view_name,
        scored.segment_name,
        scored.profile_id,
        scored.likeness,
        scored.customer_count - coalesce(members.member_count, 0) as candidate_count,
        coalesce(members.held_out_count, 0) as held_out_count
    from scored
    left join members
        on
            scored.view_name = members.view_name
            and scored.segment_name = members.segment_name
            and scored.profile_id = members.profile_id

),

final as (

    select
        *,
        sum(candidate_count) over (
            partition by view_name, segment_name
            order by
                likeness desc,
                profile_id asc  -- total order: reruns pick the same row
            rows between unbounded preceding and current row
        ) - candidate_count as places_before
    from counted
    where candidate_count > 0

)

select * from final

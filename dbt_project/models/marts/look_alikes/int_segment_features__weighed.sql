-- Grain: one row per view, segment, feature and value: how much more of the members have it than of
-- all customers, as a logarithm.
with features as (

    select * from {{ ref('int_profile_features__listed') }}

),

members as (

    select * from {{ ref('int_segment_profiles__counted') }}

),

had_by_all as (

    select
        feature,
        feature_value,
        sum(customer_count) as customer_count,
        sum(sum(customer_count)) over (partition by feature) as everybody_count
    from features
    group by feature, feature_value

),

had_by_members as (

    select
        members.view_name,
        members.segment_name,
        features.feature,
        features.feature_value,
        sum(members.member_count) as member_count
    from members
    inner join features
        on members.profile_id = features.profile_id
    group by
        members.view_name,
        members.segment_name,
        features.feature,
        features.feature_value

),

sizes as (

    select
        view_name,
        segment_name,
        sum(member_count) as segment_size
    from members
    group by view_name, segment_name

),

final as (

    select
        sizes.view_name,
        sizes.segment_name,
        had_by_all.feature,
        had_by_all.feature_value,
        -- ten members like everybody else are added: few members prove little
        round(
            ln(
                (
                    1.0 * coalesce(had_by_members.member_count, 0)
                    * had_by_all.everybody_count / had_by_all.customer_count
                    + 10.0
                )
                / (sizes.segment_size + 10.0)
            ),
            9
        ) as weight
    from sizes
    cross join had_by_all
    left join had_by_members
        on
            sizes.view_name = had_by_members.view_name
            and sizes.segment_name = had_by_members.segment_name
            and had_by_all.feature = had_by_members.feature
            and had_by_all.feature_value = had_by_members.feature_value

)

select * from final

-- Grain: one row per segment: how many held out members were found among those most like the rest.
with scored as (

    select * from {{ ref('int_segment_profiles__scored') }}
    where view_name = 'testing'

),

sized as (

    select
        segment_name,
        sum(held_out_count) as held_out_count,
        sum(candidate_count) as candidate_count
    from scored
    group by segment_name

),

-- as many are chosen as are looked for; of the last profile only a part
found as (

    select
        scored.segment_name,
        sum(
            scored.held_out_count * 1.0
            * least(sized.held_out_count - scored.places_before, scored.candidate_count)
            / scored.candidate_count
        ) as found_count
    from scored
    inner join sized
        on scored.segment_name = sized.segment_name
    where scored.places_before < sized.held_out_count
    group by scored.segment_name

),

final as (

    select
        sized.segment_name,
        cast(sized.held_out_count as bigint) as held_out_member_count,
        cast(round(found.found_count / nullif(sized.held_out_count, 0), 4) as decimal(9, 4))
            as found_share,
        cast(
            round(sized.held_out_count * 1.0 / nullif(sized.candidate_count, 0), 4)
            as decimal(9, 4)
        ) as found_by_chance_share
    from sized
    left join found
        on sized.segment_name = found.segment_name

)

select * from final
order by segment_name asc

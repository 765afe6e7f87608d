-- Grain: one row per use case and attribute it needs.
with needs as (

    select * from {{ ref('int_use_case_needs__measured') }}

),

scored as (

    select
        *,
        least(coverage / needed_coverage, 1.0)
        * coalesce(fresh_share, 1.0)
        * coalesce(valid_share, 1.0)
        * coalesce(least(history_days * 1.0 / needed_history_days, 1.0), 1.0) as score
    from needs

),

final as (

    select
        use_case || ':' || attribute as need_id,
        use_case,
        attribute,
        kind,
        cast(round(needed_coverage, 4) as decimal(9, 4)) as needed_coverage,
        cast(round(coverage, 4) as decimal(9, 4)) as coverage,
        cast(needed_freshness_days as bigint) as needed_freshness_days,
        cast(round(fresh_share, 4) as decimal(9, 4)) as fresh_share,
        cast(round(valid_share, 4) as decimal(9, 4)) as valid_share,
        cast(needed_history_days as bigint) as needed_history_days,
        cast(history_days as bigint) as history_days,
        cast(round(score, 4) as decimal(9, 4)) as score,
        case
            when not is_there then 'no_such_column'
            when coverage = 0 then 'missing'
            when coverage < needed_coverage then 'too_sparse'
            when history_days < needed_history_days then 'too_short'
            when valid_share < 0.5 then 'not_valid'
            when fresh_share < 0.5 then 'too_old'
            else 'met'
        end as finding,
        brought_by
    from scored

)

select * from final
order by need_id asc

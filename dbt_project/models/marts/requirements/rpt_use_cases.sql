-- Grain: one row per use case.
with needs as (

    select * from {{ ref('rpt_use_case_needs') }}

),

described as (

    select distinct
        use_case,
        description,
        owner
    from {{ ref('int_use_case_needs__measured') }}

),

counted as (

    select
        use_case,
        count(*) as need_count,
        count(case when finding = 'met' then 1 end) as met_count,
        avg(score) as score,
        min(score) as lowest_score,
        {{ dbt.listagg(
            "case when finding <> 'met' then attribute || ' (' || finding || ')' end",
            "', '",
            'order by need_id asc'
        ) }} as what_is_missing
    from needs
    group by use_case

),

final as (

    select
        described.use_case,
        described.description,
        described.owner,
        counted.need_count,
        counted.met_count,
        cast(round(counted.score, 4) as decimal(9, 4)) as score,
        case
            when counted.met_count = counted.need_count then 'ready'
            when counted.lowest_score > 0 then 'partly'
            else 'not_ready'
        end as readiness,
        nullif(counted.what_is_missing, '') as what_is_missing
    from described
    inner join counted
        on described.use_case = counted.use_case

)

select * from final
order by use_case asc

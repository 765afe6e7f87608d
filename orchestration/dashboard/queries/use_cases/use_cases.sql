select
    use_case,
    description,
    owner,
    readiness,
    score,
    met_count,
    need_count,
    what_is_missing
from marts.rpt_use_cases
order by score asc, use_case asc

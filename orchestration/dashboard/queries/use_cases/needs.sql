-- What is missing comes first.
select
    use_case,
    attribute,
    finding,
    needed_coverage,
    coverage,
    fresh_share,
    valid_share,
    history_days,
    needed_history_days,
    brought_by
from marts.rpt_use_case_needs
order by finding = 'met' asc, use_case asc, score asc, attribute asc

select
    layer || '.' || table_name as table_name,
    coalesce(column_name, '') as column_name,
    expectation_type,
    severity,
    rows_failing,
    rows_seen,
    why
from about.gates
where not success
order by severity asc, rows_failing desc, table_name asc, column_name asc

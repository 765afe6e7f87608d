-- A row lost between the layers would be missing from every figure, and nobody would see it.
select
    table_name,
    rows_in,
    rows_out,
    rows_set_aside
from {{ ref('rpt_row_balance') }}
where not is_balanced

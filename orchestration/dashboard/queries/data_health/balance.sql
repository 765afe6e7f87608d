select
    table_name,
    rows_in,
    rows_out,
    rows_set_aside,
    is_balanced
from marts.rpt_row_balance
order by table_name

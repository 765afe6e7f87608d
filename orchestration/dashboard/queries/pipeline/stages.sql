select
    stage,
    opportunity_count,
    value_usd,
    weighted_value_usd,
    past_expected_value_usd
from marts.rpt_sales_pipeline
where is_open
order by stage_position asc nulls last, stage asc

select
    source_system,
    landed_column,
    purpose,
    sensitivity
from marts.rpt_landed_columns
where is_candidate_to_drop
order by source_system asc, landed_column asc

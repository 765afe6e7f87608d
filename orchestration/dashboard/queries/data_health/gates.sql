select
    layer,
    count(*) filter (where success) as held,
    count(*) filter (where not success and severity <> 'critical') as warnings,
    count(*) filter (where not success and severity = 'critical') as stopped
from about.gates
group by layer
order by layer

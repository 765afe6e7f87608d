-- Why: a staging model that is not in `vars: staging_models` may lose rows unseen.
-- depends_on: {{ ref('row_balance') }}
with staging_models as (

    select cast(null as varchar) as table_name
    where false
    {%- if execute %}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') %}
    union all
    select '{{ node.name }}' as table_name
        {%- endfor %}
    {%- endif %}

)

select staging_models.table_name
from staging_models
left join {{ ref('row_balance') }} as row_balance
    on staging_models.table_name = row_balance.table_name
where row_balance.table_name is null

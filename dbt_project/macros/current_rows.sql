{#- The rows of a landing table that hold today, by the delivery its contract declares. Landing is append-only, so
    an earlier version of a row is still there: the few rows that another one supersedes are found among the keys
    that repeat, and left out by their address (load, position), so that a table of ten million rows is not sorted. -#}
{% macro current_rows(relation) -%}
    {#- the fixture of a unit test has no contract, nor loads -#}
    {%- set loads = none if relation.is_cte else source('quality', 'loads') -%}
    {%- if relation.is_cte or not execute -%}
        {{ relation }}
    {%- else -%}
        {%- set contract = customer_360.contract_of(relation) -%}
        (
            select landed.*
            from {{ relation }} as landed
            where
                {{ customer_360.is_in_force(contract, relation, loads) }}
                {%- if contract.key %}
                and not exists (
                    {{ customer_360.superseded_rows(contract, relation, loads) | indent(20) }}
                )
                {%- endif %}
                {%- if customer_360.is_delete(contract) %}
                and not {{ customer_360.is_delete(contract) }}
                {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}


{#- The rows of keys that repeat which another row supersedes, matched to the row at hand by their address. -#}
{% macro superseded_rows(contract, relation, loads) -%}
    {%- set key_hash = customer_360.row_hash(contract.key) -%}
select 1
from (
    select
        landed._load_id,
        landed._row,
        row_number() over (
            partition by landed.{{ contract.key | join(', landed.') }}
            order by
                {{ customer_360.precedence(contract) | join(',\n                ') }}
        ) as precedence
    from {{ relation }} as landed
    left join {{ loads }} as loads
        on landed._load_id = loads.load_id
    where
        {{ customer_360.is_in_force(contract, relation, loads) }}
        and {{ key_hash }} in (
            select {{ key_hash }}
            from {{ relation }} as landed
            where {{ customer_360.is_in_force(contract, relation, loads) }}
            group by {{ key_hash }}
            having count(*) > 1
        )
) as ranked
where
    ranked.precedence > 1
    and ranked._load_id = landed._load_id
    and ranked._row = landed._row
{%- endmacro %}


{#- What the contract says about a landing table, out of its dbt source: delivery, key, cursor, deletes, columns. -#}
{% macro contract_of(relation) -%}
    {%- for node in graph.sources.values() -%}
        {%- if node.schema == relation.schema and node.identifier == relation.identifier -%}
            {%- set meta = node.meta or node.config.meta -%}
            {%- if meta.get('delivery') -%}
                {%- do return(dict(meta, key=meta.get('key') or [], columns=node.columns.keys() | list)) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error(
        "No dbt source describes the delivery of " ~ relation
        ~ ": write its contract, then `c360 contracts --write-dbt-sources`"
    ) -%}
{%- endmacro %}


{#- Whether a landed row belongs to a delivery that holds: of full deliveries the last one that brought rows, since
    an empty or refused one must not wipe a table out; of all others every one. -#}
{% macro is_in_force(contract, relation, loads) -%}
    {%- if contract.delivery == 'full' -%}
        landed._load_id = (
            select max_by(loads.load_id, loads.load_order)
            from {{ loads }} as loads
            where loads.load_id in (select landed._load_id from {{ relation }} as landed)
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{#- Whether a landed row says that its key was deleted; empty if the contract knows no deletes. -#}
{% macro is_delete(contract) -%}
    {%- if contract.get('deleted_when') -%}
        coalesce(landed.{{ contract.deleted_when }}, false)
    {%- elif contract.get('change_type') -%}
        (landed.{{ contract.change_type.column }} in ('{{ contract.change_type.deletes | join("', '") }}'))
    {%- endif -%}
{%- endmacro %}


{#- Which row of a key wins, as order-by terms: what changed last (of two changes at one instant the delete), or for
    append what came first. Ties go by content, never by position, so that shuffled files give the same rows. -#}
{% macro precedence(contract) -%}
    {%- set terms = [] -%}
    {%- if contract.delivery == 'append' -%}
        {%- do terms.append('loads.load_order asc nulls last') -%}
    {%- else -%}
        {%- if contract.get('cursor') -%}
            {%- do terms.append('landed.' ~ contract.cursor ~ ' desc nulls last') -%}
        {%- endif -%}
        {%- do terms.append('loads.load_order desc nulls last') -%}
        {%- if customer_360.is_delete(contract) -%}
            {%- do terms.append(customer_360.is_delete(contract) ~ ' desc') -%}
        {%- endif -%}
    {%- endif -%}
    {%- for column in contract.columns if column not in contract.key and column != contract.get('cursor') -%}
        {%- do terms.append('landed.' ~ column ~ ' asc nulls last') -%}
    {%- endfor -%}
    {%- do return(terms) -%}
{%- endmacro %}


{#- A small stand-in for a key, to find the few that may repeat; a collision costs a comparison, never a row. -#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash', 'customer_360')(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    hash(landed.{{ columns | join(', landed.') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64(landed.{{ columns | join(', landed.') }})
{%- endmacro %}

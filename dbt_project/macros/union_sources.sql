{#- Bring every model that `vars: conformed_sources` lists for an entity into one shape: `columns` is a list of
    {name: type}. A model that lacks a column gives null for it; an empty list gives no rows, typed. -#}
{% macro union_sources(entity, columns) -%}
    {%- for model_name in var('conformed_sources').get(entity) or [] %}
        {%- set relation = ref(model_name) %}
        {%- if not loop.first %}

        union all
{% endif %}
        {{ customer_360.in_shape(relation, columns) }}
    {%- else %}
        select
            {%- for name, type in columns.items() %}
            cast(null as {{ customer_360.sql_type(type) }}) as {{ name }}{{ "," if not loop.last }}
            {%- endfor %}
        where false
    {%- endfor %}
{%- endmacro %}


{#- One model in the given shape. The columns are spelt out, because column lineage is read from the compiled SQL. -#}
{% macro in_shape(relation, columns) -%}
    {%- set present = [] -%}
    {%- if execute and not relation.is_cte -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do present.append(column.name | lower) -%}
        {%- endfor -%}
    {%- endif -%}
        select
            {%- for name, type in columns.items() %}
            cast({{ name if name in present or relation.is_cte else 'null' }} as {{ customer_360.sql_type(type) }}) as {{ name }}{{ "," if not loop.last }}
            {%- endfor %}
        from {{ customer_360.padded(relation, columns) if relation.is_cte else relation }}
{%- endmacro %}


{#- A unit test's fixture in place of a model: it cannot be asked for its columns, so those it lacks are added by name. -#}
{% macro padded(relation, columns) -%}
    (
            select
                {%- for name, type in columns.items() %}
                cast(null as {{ customer_360.sql_type(type) }}) as {{ name }}{{ "," if not loop.last }}
                {%- endfor %}
            where false
            union all by name
            select * from {{ relation }}
        )
{%- endmacro %}


{#- A type under the name the engine has for it. -#}
{% macro sql_type(type) -%}
    {{ return(adapter.dispatch('sql_type', 'customer_360')(type)) }}
{%- endmacro %}

{% macro default__sql_type(type) -%}
    {{ type }}
{%- endmacro %}

{% macro spark__sql_type(type) -%}
    {{ 'string' if type == 'varchar' else type }}
{%- endmacro %}

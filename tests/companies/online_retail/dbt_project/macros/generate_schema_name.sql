{#- dbt asks the root project for this macro, not its packages. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ customer_360.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}

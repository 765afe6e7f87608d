{#- A code as capital letters and digits alone, so that two ways of writing it agree. -#}
{% macro letters_and_digits(column) -%}
    nullif(upper({{ customer_360.replaced_everywhere(column, '[^A-Za-z0-9]', '') }}), '')
{%- endmacro %}


{#- Every match of a pattern replaced: DuckDB replaces the first one alone unless told otherwise. -#}
{% macro replaced_everywhere(column, pattern, replacement) -%}
    {{ return(adapter.dispatch('replaced_everywhere', 'customer_360')(column, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replaced_everywhere(column, pattern, replacement) -%}
    regexp_replace({{ column }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro duckdb__replaced_everywhere(column, pattern, replacement) -%}
    regexp_replace({{ column }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

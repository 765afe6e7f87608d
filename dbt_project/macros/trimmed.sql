{#- Text without the blanks around it; nothing but blanks is no value. -#}
{% macro trimmed(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}

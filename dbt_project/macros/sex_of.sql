{#- The sex a system recorded, in one vocabulary; anything but its two letters is no value. -#}
{% macro sex_of(column) -%}
    case when lower(trim({{ column }})) in ('m', 'f') then lower(trim({{ column }})) end
{%- endmacro %}

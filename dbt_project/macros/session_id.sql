{#- The key of a visit: its device and its first event, which no other visit changes. -#}
{% macro session_id(events='') -%}
    {%- set of = events ~ '.' if events else '' -%}
    {{ of }}device_id || ':' || cast({{ of }}session_started_at as {{ dbt.type_string() }})
{%- endmacro %}

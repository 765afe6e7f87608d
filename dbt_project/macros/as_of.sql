{#- The instant a run speaks for: that of the run which started last. Read from the warehouse and not from a
    variable, which would make dbt parse the whole project again every day. -#}
{% macro as_of() -%}
    (
        select max_by(runs.as_of, runs.started_order)
        from {{ source('quality', 'runs') }} as runs
    )
{%- endmacro %}

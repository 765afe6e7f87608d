{#- Whether somebody made the record to try a system out, by the seed of markers. An address typed only to fill the
    field is null by now, and marks nobody. -#}
{% macro marks_test_record(email, names) -%}
        coalesce(
            split_part({{ email }}, '@', 2) in ({{ customer_360.test_record_markers('email_domain') }})
            or regexp_extract({{ email }}, '^([a-z]+)([^a-z]|$)', 1)
            in ({{ customer_360.test_record_markers('email_word') }}),
            false
        )
        {%- for name in names %}
        or coalesce({{ name }} in ({{ customer_360.test_record_markers('name_word') }}), false)
        {%- endfor %}
{%- endmacro %}


{#- The markers of one kind, as a subquery. -#}
{% macro test_record_markers(kind) -%}
    select markers.marker_value from {{ ref('test_record_markers') }} as markers
    where markers.marker_kind = '{{ kind }}'
{%- endmacro %}

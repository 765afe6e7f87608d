{# What our macros look like to the SQL linter, which renders models without dbt and without a warehouse. #}
{% macro amount_in_usd(amount, units_per_usd) %}round({{ amount }} / {{ units_per_usd }}, 2){% endmacro %}
{% macro as_of() %}cast('2026-01-01' as timestamp){% endmacro %}
{% macro current_rows(relation) %}{{ relation }}{% endmacro %}
{% macro letters_and_digits(column) %}lower({{ column }}){% endmacro %}
{% macro normalise_address(address) %}lower({{ address }}){% endmacro %}
{% macro normalise_email(email) %}lower({{ email }}){% endmacro %}
{% macro normalise_name(name) %}lower({{ name }}){% endmacro %}
{% macro normalise_phone(phone, country_code) %}concat({{ phone }}, {{ country_code }}){% endmacro %}
{% macro parse_full_name(full_name, country_code) %}concat({{ full_name }}, {{ country_code }}){% endmacro %}
{% macro rows_set_aside(relation) %}0{% endmacro %}
{% macro sex_of(column) %}lower({{ column }}){% endmacro %}
{% macro trimmed(column) %}trim({{ column }}){% endmacro %}
{% macro union_sources(entity, columns) %}select{% for name in columns %} null as {{ name }}{{ "," if not loop.last }}{% endfor %}{% endmacro %}

{#- Normalisation is written once, in orchestration/identity/normalise, and reaches SQL as functions that each engine
    registers. These macros are the only place that calls them, so that an engine with another syntax overrides here.

    On DuckDB each answer is copied at once (`|| ''`, `case`): its Python functions hand their text over by reference,
    and coalesce() of DuckDB 1.5 keeps the reference after the text is gone, which garbles whatever is longer than
    twelve bytes (tests/warehouse/test_conformed_names.py). -#}
{% macro normalise_email(email) -%}
    {{ return(adapter.dispatch('normalise_email', 'customer_360')(email)) }}
{%- endmacro %}

{% macro default__normalise_email(email) -%}
    normalise_email({{ email }})
{%- endmacro %}

{% macro duckdb__normalise_email(email) -%}
    (normalise_email({{ email }}) || '')
{%- endmacro %}


{% macro normalise_phone(phone, country_code) -%}
    {{ return(adapter.dispatch('normalise_phone', 'customer_360')(phone, country_code)) }}
{%- endmacro %}

{% macro default__normalise_phone(phone, country_code) -%}
    normalise_phone({{ phone }}, {{ country_code }})
{%- endmacro %}

{% macro duckdb__normalise_phone(phone, country_code) -%}
    (normalise_phone({{ phone }}, {{ country_code }}) || '')
{%- endmacro %}


{% macro normalise_name(name) -%}
    {{ return(adapter.dispatch('normalise_name', 'customer_360')(name)) }}
{%- endmacro %}

{% macro default__normalise_name(name) -%}
    normalise_name({{ name }})
{%- endmacro %}

{% macro duckdb__normalise_name(name) -%}
    (normalise_name({{ name }}) || '')
{%- endmacro %}


{% macro normalise_address(address) -%}
    {{ return(adapter.dispatch('normalise_address', 'customer_360')(address)) }}
{%- endmacro %}

{% macro default__normalise_address(address) -%}
    normalise_address({{ address }})
{%- endmacro %}

{% macro duckdb__normalise_address(address) -%}
    (normalise_address({{ address }}) || '')
{%- endmacro %}


{#- A struct of given_name, middle_name and family_name, normalised. -#}
{% macro parse_full_name(full_name, country_code) -%}
    {{ return(adapter.dispatch('parse_full_name', 'customer_360')(full_name, country_code)) }}
{%- endmacro %}

{% macro default__parse_full_name(full_name, country_code) -%}
    parse_full_name({{ full_name }}, {{ country_code }})
{%- endmacro %}

{% macro duckdb__parse_full_name(full_name, country_code) -%}
    case when {{ full_name }} is not null then parse_full_name({{ full_name }}, {{ country_code }}) end
{%- endmacro %}

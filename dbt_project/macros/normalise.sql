{#- Normalisation is written once, in orchestration/identity/normalise, and reaches SQL as functions that each engine
    registers. These macros are the only place that calls them, so that an engine with another syntax overrides here.
    A missing value is not handed over: most rows of a stream of events have no telephone number. -#}
{% macro normalise_email(email) -%}
    {{ return(adapter.dispatch('normalise_email', 'customer_360')(email)) }}
{%- endmacro %}

{% macro default__normalise_email(email) -%}
    case when {{ email }} is not null then normalise_email({{ email }}) end
{%- endmacro %}


{% macro normalise_phone(phone, country_code) -%}
    {{ return(adapter.dispatch('normalise_phone', 'customer_360')(phone, country_code)) }}
{%- endmacro %}

{% macro default__normalise_phone(phone, country_code) -%}
    case when {{ phone }} is not null then normalise_phone({{ phone }}, {{ country_code }}) end
{%- endmacro %}


{% macro normalise_name(name) -%}
    {{ return(adapter.dispatch('normalise_name', 'customer_360')(name)) }}
{%- endmacro %}

{% macro default__normalise_name(name) -%}
    case when {{ name }} is not null then normalise_name({{ name }}) end
{%- endmacro %}


{% macro normalise_address(address) -%}
    {{ return(adapter.dispatch('normalise_address', 'customer_360')(address)) }}
{%- endmacro %}

{% macro default__normalise_address(address) -%}
    case when {{ address }} is not null then normalise_address({{ address }}) end
{%- endmacro %}


{#- A struct of given_name, middle_name and family_name, normalised. -#}
{% macro parse_full_name(full_name, country_code) -%}
    {{ return(adapter.dispatch('parse_full_name', 'customer_360')(full_name, country_code)) }}
{%- endmacro %}

{% macro default__parse_full_name(full_name, country_code) -%}
    case when {{ full_name }} is not null then parse_full_name({{ full_name }}, {{ country_code }}) end
{%- endmacro %}


{#- The edition of the normalisers and of the model that calls them: rows of another one are made anew. -#}
{% macro normaliser_edition() -%}
    {{ return(adapter.dispatch('normaliser_edition', 'customer_360')()) }}
{%- endmacro %}

{% macro default__normaliser_edition() -%}
    normaliser_edition() || '{{ local_md5(model.get('raw_code') or '') }}'
{%- endmacro %}

{#- A normalised contact point, or null if the steward has blocked its value: a shop's own number links nobody. -#}
{% macro unless_blocked(kind, column) -%}
    case when {{ customer_360.is_blocked(kind, column) }} then null else {{ column }} end
{%- endmacro %}


{#- Whether the steward has blocked a value; null where there is none. -#}
{% macro is_blocked(kind, column) -%}
    {{ customer_360.identifier_id(kind, column) }} in (
        select blocked_identifiers.identifier_id
        from {{ source('quality', 'blocked_identifiers') }} as blocked_identifiers
    )
{%- endmacro %}


{#- The name of a value that shows nothing of it: its kind and a hash, as in orchestration/steward/identifiers.py. -#}
{% macro identifier_id(kind, column) -%}
    {{ return(adapter.dispatch('identifier_id', 'customer_360')(kind, column)) }}
{%- endmacro %}

{% macro default__identifier_id(kind, column) -%}
    '{{ kind }}-' || left(sha256('{{ kind }}:' || {{ column }}), 16)
{%- endmacro %}

{% macro spark__identifier_id(kind, column) -%}
    concat('{{ kind }}-', left(sha2(concat('{{ kind }}:', {{ column }}), 256), 16))
{%- endmacro %}

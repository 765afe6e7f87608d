{#- How a text sounds, from -1 to 1, by the function that orchestration/sentiment registers with each engine; null
    where no library knows the language. -#}
{% macro sentiment_score(body, language_code) -%}
    {{ return(adapter.dispatch('sentiment_score', 'customer_360')(body, language_code)) }}
{%- endmacro %}

{% macro default__sentiment_score(body, language_code) -%}
    case when {{ body }} is not null then sentiment_score({{ body }}, {{ language_code }}) end
{%- endmacro %}

{#- The key under which a raw e-mail address or telephone number is normalised once for all rows that carry it; null
    with a null value. A number is read by the country it is in, an address is not. -#}
{% macro contact_value_key(kind, value_raw, country_code='null') -%}
    {{ kind }} || ':' || coalesce({{ country_code }}, '') || ':' || {{ value_raw }}
{%- endmacro %}

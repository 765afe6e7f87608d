{#- An amount in US dollars, from the units of its currency that one dollar buys (int_exchange_rates__dated). -#}
{% macro amount_in_usd(amount, units_per_usd) -%}
    cast(round({{ amount }} / {{ units_per_usd }}, 2) as decimal(18, 2))
{%- endmacro %}

{#- An amount in US dollars, from the units of its currency that one dollar buys (int_exchange_rates__dated).
    Rounded as cents: half a cent is a binary fraction, half of .01 is none, and would be now more and now less. -#}
{% macro amount_in_usd(amount, units_per_usd) -%}
    cast(round(100 * {{ amount }} / {{ units_per_usd }}) / 100 as decimal(18, 2))
{%- endmacro %}

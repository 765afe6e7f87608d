{#- Joins the exchange rate of the day on which something happened; amounts without one stay without dollars. -#}
{% macro exchange_rate_join(currency_code, happened_at) -%}
    left join exchange_rates
        on
            {{ currency_code }} = exchange_rates.currency_code
            and {{ happened_at }} >= exchange_rates.valid_from_date
            and {{ happened_at }} < exchange_rates.valid_until_date
{%- endmacro %}

-- Why: an amount without a rate has no value in US dollars, and would be missing from every sum.
-- What to do: add the currency to seeds/exchange_rates.csv.
{%- set amounts = {
    'int_orders__unioned': 'order_amount',
    'int_invoices__unioned': 'invoice_amount',
    'int_payments__unioned': 'payment_amount',
} %}
with
{%- for model_name, amount in amounts.items() %}
    {{ model_name }}_without_rate as (

        select
            '{{ model_name }}' as table_name,
            currency_code,
            count(*) as row_count
        from {{ ref(model_name) }}
        where
            {{ amount }} is not null
            and {{ amount }}_usd is null
        group by currency_code

    ){{ "," if not loop.last }}
{%- endfor %}

{% for model_name in amounts %}
    select * from {{ model_name }}_without_rate
    {{ "union all" if not loop.last }}
{%- endfor %}

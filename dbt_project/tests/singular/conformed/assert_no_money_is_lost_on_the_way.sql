-- Why: rows can be all there and an amount still be wrong; revenue and debts are summed from these.
{%- set flows = [
    ('orders', 'order_amount', 'int_orders__unioned'),
    ('invoices', 'invoice_amount', 'int_invoices__unioned'),
    ('payments', 'payment_amount', 'int_payments__unioned'),
] %}
with amounts as (

    {%- for entity, amount, model_name in flows %}

        select
            '{{ entity }}' as entity,
            currency_code,
            {{ amount }} as amount_in,
            0 as amount_out
        from (
            {{ union_sources(entity, {'currency_code': 'varchar', amount: 'decimal(18, 2)'}) }}
        ) as delivered

        union all

        select
            '{{ entity }}' as entity,
            currency_code,
            0 as amount_in,
            {{ amount }} as amount_out
        from {{ ref(model_name) }}

        {{ "union all" if not loop.last }}

    {%- endfor %}

)

select
    entity,
    currency_code,
    sum(amount_in) as amount_in,
    sum(amount_out) as amount_out
from amounts
group by entity, currency_code
having sum(amount_in) <> sum(amount_out)

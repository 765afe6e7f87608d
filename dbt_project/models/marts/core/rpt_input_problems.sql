-- Grain: one row per kind of trouble that sources deliver and the marts have a rule for.
{%- set problems = {
    'order_without_customer': ['fct_orders', 'customer_id is null',
        'counts in revenue, in no customer'],
    'order_in_the_future': ['fct_orders', 'is_in_future',
        'kept, counts from its day on'],
    'order_without_rate': ['fct_orders', 'order_amount <> 0 and order_amount_usd = 0',
        'kept, worth nothing in US dollars'],
    'return_without_order': ['fct_orders', 'is_return_only and not is_cancelled',
        'taken off revenue, no purchase'],
    'line_without_order': ['fct_order_lines', 'ordered_at is null',
        'kept, counts in no customer'],
    'line_without_cost': ['fct_order_lines', 'cost_usd is null', 'counts in revenue, in no margin'],
    'negative_price': ['fct_order_lines', 'unit_price < 0', 'counted as delivered'],
    'invoice_overpaid': ['fct_invoices', 'overpaid_amount > 0',
        'the rest is the customer\'s, and no revenue'],
    'invoice_without_debtor': ['fct_invoices', 'coalesce(customer_id, account_id) is null',
        'counts in no debtor'],
    'invoice_without_rate': ['fct_invoices', 'invoice_amount <> 0 and invoice_amount_usd is null',
        'owed in its own currency, worth nothing in US dollars'],
    'payment_without_invoice': ['int_payments__matched', 'not has_invoice', 'kept, settles nothing'],
    'payment_in_the_future': ['int_payments__matched', 'is_in_future',
        'kept, settles its invoice from its day on'],
    'ticket_without_customer': ['fct_tickets', 'customer_id is null', 'kept, in no customer'],
    'answer_before_question': ['fct_tickets', 'first_response_at < opened_at',
        'kept, no time is taken from it'],
    'visit_without_customer': ['fct_sessions', 'customer_id is null',
        'kept, joined once somebody logs in'],
    'opportunity_without_customer': ['fct_opportunities', 'customer_id is null',
        'counts in the pipeline and its account, in no customer'],
    'opportunity_without_account': ['fct_opportunities', 'account_id is null',
        'counts in the pipeline, in no account'],
    'opportunity_in_the_future': ['fct_opportunities', 'is_in_future',
        'kept, counts from its day on'],
    'opportunity_without_rate': ['fct_opportunities', 'expected_amount > 0 and value_usd = 0',
        'kept, worth nothing in US dollars'],
    'negative_opportunity': ['fct_opportunities', 'expected_amount < 0',
        'kept, worth nothing'],
    'won_without_amount': ['fct_opportunities', 'is_won and expected_amount is null',
        'worth what its accepted quote says'],
    'open_past_its_day': ['fct_opportunities', 'is_past_expected',
        'stays open, shown as past its day'],
    'quote_without_opportunity': ['fct_quotes', 'not has_opportunity',
        'kept, in no pipeline'],
    'accepted_quote_of_a_lost_opportunity': ['fct_quotes', 'is_contradicted',
        'the opportunity counts as lost'],
} %}
with counted as (

    {%- for problem, rule in problems.items() %}
        select
            '{{ problem }}' as problem,
            '{{ rule[0] }}' as table_name,
            (select count(*) from {{ ref(rule[0]) }}) as row_count,
            (
                select count(*) from {{ ref(rule[0]) }}
                where {{ rule[1] }}
            ) as problem_count,
            '{{ rule[2] | replace("'", "''") }}' as what_is_done
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

final as (

    select
        problem,
        table_name,
        row_count,
        problem_count,
        what_is_done
    from counted

)

select * from final
order by problem asc

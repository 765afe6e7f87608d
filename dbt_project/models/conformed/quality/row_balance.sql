-- Grain: one row per table of staging and of the conformed layer that rows flow into.
-- What came in went on or was set aside for a stated reason; nothing is lost (decision D3).
{%- set conformed_models = {
    'person_records': 'int_person_records__normalised',
    'accounts': 'int_accounts__unioned',
    'products': 'int_products__unioned',
    'orders': 'int_orders__unioned',
    'order_lines': 'int_order_lines__unioned',
    'invoices': 'int_invoices__unioned',
    'payments': 'int_payments__unioned',
    'credit_limits': 'int_credit_limits__unioned',
    'campaigns': 'int_campaigns__unioned',
    'campaign_costs': 'int_campaign_costs__unioned',
    'tickets': 'int_tickets__unioned',
    'consents': 'int_consents__unioned',
    'channel_preferences': 'int_channel_preferences__unioned',
    'demographics': 'int_demographics__unioned',
    'mentions': 'int_mentions__rated',
    'interactions': 'int_interactions__unioned',
    'opportunities': 'int_opportunities__unioned',
    'quotes': 'int_quotes__unioned',
} %}
{%- set also_in = {
    'interactions': [
        'int_orders__unioned',
        'int_tickets__unioned',
        'int_invoices__unioned',
        'int_payments__unioned',
        'int_quotes__unioned',
    ],
} %}
{#- of these, the rows that flow on -#}
{%- set only_where = {'int_quotes__unioned': 'sent_at is not null'} %}
with counted as (

    {%- for model_name in var('staging_models') %}
        {%- set table_name = model_name | replace('stg_', '', 1) | replace('__', '_') %}
        {%- set landed = source('landing', table_name) %}

        select
            'staging' as layer,
            '{{ model_name }}' as table_name,
            (select count(*) from {{ landed }}) as rows_in,
            (select count(*) from {{ ref(model_name) }}) as rows_out,
            {{ rows_set_aside(landed) }} as rows_set_aside

        union all

    {%- endfor %}

    {%- for entity, model_name in conformed_models.items() %}
        {%- set inputs = (var('conformed_sources').get(entity) or []) + also_in.get(entity, []) %}

        select
            'conformed' as layer,
            '{{ model_name }}' as table_name,
            0
            {%- for input in inputs %}
                + (
                    select count(*) from {{ ref(input) }}
                    {%- if entity == 'interactions' and input in only_where %}
                        where {{ only_where[input] }}
                    {%- endif %}
                )
            {%- endfor %} as rows_in,
            (select count(*) from {{ ref(model_name) }}) as rows_out,
            0 as rows_set_aside

        {{ "union all" if not loop.last }}

    {%- endfor %}

),

final as (

    select
        layer,
        table_name,
        cast(rows_in as bigint) as rows_in,
        cast(rows_out as bigint) as rows_out,
        cast(rows_set_aside as bigint) as rows_set_aside,
        rows_in = rows_out + rows_set_aside as is_balanced
    from counted

)

select * from final
order by layer desc, table_name asc

-- Grain: one row per table of the marts, or stream of rows, that conformed rows flow into.
-- Every row is in the mart or set aside: whose it is is not known, or its day has not come.
{%- set flows = {
    'fct_orders': ['int_orders__unioned', '*'],
    'fct_order_lines': ['int_order_lines__unioned', '*'],
    'fct_invoices': ['int_invoices__unioned', '*'],
    'dim_products': ['int_products__unioned', '*'],
    'dim_campaigns': ['int_campaigns__unioned', '*'],
    'account_identities': ['int_accounts__unioned', '*'],
    'fct_opportunities': ['int_opportunities__unioned', '*'],
    'fct_quotes': ['int_quotes__unioned', '*'],
    'customer_360': ['int_identities__current', 'distinct customer_id'],
    'dim_accounts': ['account_identities', 'distinct resolved_account_id'],
} %}
with counted as (

    {%- for mart, (came_from, counted_rows) in flows.items() %}
        select
            '{{ mart }}' as table_name,
            (select count({{ counted_rows }}) from {{ ref(came_from) }}) as rows_in,
            (select count(*) from {{ ref(mart) }}) as rows_out,
            0 as rows_set_aside

        union all
    {%- endfor %}

    select
        'customer_identities' as table_name,
        (select count(*) from {{ ref('int_person_records__normalised') }}) as rows_in,
        count(*) as rows_out,
        0 as rows_set_aside
    from {{ ref('customer_identities') }}
    where is_current

    union all

    select
        'customer_timeline' as table_name,
        (select count(*) from {{ ref('int_interactions__unioned') }}) as rows_in,
        (select count(*) from {{ ref('customer_timeline') }}) as rows_out,
        count(*) as rows_set_aside
    from {{ ref('int_interactions__attributed') }}
    where customer_id is null

    union all

    -- what is dated after the run waits for its day
    select
        'fct_mentions' as table_name,
        count(*) as rows_in,
        (select count(*) from {{ ref('fct_mentions') }}) as rows_out,
        sum(case when occurred_at <= {{ as_of() }} then 0 else 1 end) as rows_set_aside
    from {{ ref('int_mentions__rated') }}

    union all

    -- a payment counts with its invoice, from its day on
    select
        'payments' as table_name,
        (select count(*) from {{ ref('int_payments__unioned') }}) as rows_in,
        (select sum(invoices.payment_count) from {{ ref('fct_invoices') }} as invoices) as rows_out,
        sum(case when has_invoice and not is_in_future then 0 else 1 end) as rows_set_aside
    from {{ ref('int_payments__matched') }}

    union all

    select
        'tickets' as table_name,
        count(*) as rows_in,
        (
            select sum(customers.ticket_count) from {{ ref('customer_360') }} as customers
        ) as rows_out,
        sum(case when identities.customer_id is null then 1 else 0 end) as rows_set_aside
    from {{ ref('int_tickets__unioned') }} as tickets
    left join {{ ref('int_identities__current') }} as identities
        on tickets.source_record_id = identities.source_record_id

    union all

    select
        'consents' as table_name,
        (
            select count(*) from {{ ref('int_consents__unioned') }} as consents
            where consents.consent_purpose = 'marketing'
        ) as rows_in,
        count(distinct case when customer_id is not null then consent_event_id end) as rows_out,
        sum(case when customer_id is null then 1 else 0 end) as rows_set_aside
    from {{ ref('int_consent_events__attributed') }}
    where event_source = 'consent'

),

totalled as (

    select
        table_name,
        cast(rows_in as bigint) as rows_in,
        cast(coalesce(rows_out, 0) as bigint) as rows_out,
        cast(coalesce(rows_set_aside, 0) as bigint) as rows_set_aside
    from counted

),

final as (

    select
        totalled.*,
        totalled.rows_in = totalled.rows_out + totalled.rows_set_aside as is_balanced
    from totalled

)

select * from final
order by table_name asc

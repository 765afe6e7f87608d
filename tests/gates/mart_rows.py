"""A few rows of each mart on a day on which nothing is wrong."""

# What the gated marts are held against.
BESIDE = {
    "marts.customer_360": """
        select
            *, false as is_contactable_sms, false as is_contactable_post,
            false as is_contactable_push
        from (values ('C1', true, false), ('C2', false, false), ('C3', false, true))
            as customers (customer_id, is_contactable_email, is_contactable_phone)
    """,
    "marts.customer_sales": "select unnest(['C1', 'C2']) as customer_id",
    "marts.fct_orders": """
        select
            *, false as is_cancelled, false as is_return_only, false as is_in_future
        from (values ('C1', 5.00), ('C1', 3.00), ('C2', 2.00)) as orders (customer_id, revenue_usd)
    """,
    "marts.fct_order_lines": """
        select
            *, false as is_cancelled, false as is_return, timestamp '2026-11-01' as ordered_at
        from (values ('C1', 'P1'), ('C2', 'P2')) as order_lines (customer_id, product_id)
    """,
    "marts.fct_tickets": """
        select * from (values ('C1', false), ('C2', true), (null, true))
            as tickets (customer_id, is_open_complaint)
    """,
    "marts.segment_memberships": """
        select * from (values ('tea', 'C1', true), ('tea', 'C3', false))
            as stays (segment_name, customer_id, is_member)
    """,
    "conformed.int_interactions__unioned": """
        select
            'web' as channel, 'search' as interaction_type, 'tea' as subject, 'D1' as device_id,
            timestamp '2026-11-20' as occurred_at
        from range(8)
    """,
}
GATED = {
    "marts.account_contacts": """
        select * from (values
            ('A1:C1', 'A1', 'C1', 'main_contact,buyer', true, false),
            ('A1:C3', 'A1', 'C3', 'contact', false, true)
        ) as contacts (
            account_contact_id, account_id, customer_id, roles,
            is_contactable_email, is_contactable_phone
        )
    """,
    "marts.customer_enrichments": """
        select
            'V:' || n as source_record_id, 'C' || (n // 2) as customer_id, 'V' as vendor,
            0.5 as income_band_weight, null::decimal(9, 4) as household_size_weight,
            1.0 as interests_weight, n % 2 = 0 as is_newest, 'agrees' as fit
        from range(2, 202) as numbers (n)
    """,
    "marts.customer_next_products": """
        select * from (values ('C1', 1, 'P2'), ('C1', 2, 'P3'), ('C2', 1, 'P1'))
            as offers (customer_id, place, product_id)
    """,
    "marts.customer_service": """
        select * from (values ('C1', false), ('C2', true))
            as service (customer_id, is_mailing_paused)
    """,
    "marts.customer_social": """
        select * from (values ('C1', 2, 1), ('C2', 1, 0))
            as social (customer_id, mention_count, negative_count)
    """,
    "marts.fct_mentions": """
        select * from (values
            ('M1', 'C1', 'negative', -0.5), ('M2', 'C1', 'no_library', null),
            ('M3', 'C2', 'positive', 0.5), ('M4', null, 'neutral', 0.0)
        ) as mentions (mention_id, customer_id, sentiment, sentiment_score)
    """,
    "marts.rpt_changes": """
        select
            *, latest_revenue_usd - previous_revenue_usd as change_usd,
            1.00 as change_by_order_count_usd,
            latest_revenue_usd - previous_revenue_usd - 1.00 as change_by_order_value_usd
        from (values
            ('all:all', 'all', 10.00, 8.00), ('channel:shop', 'channel', 4.00, 8.00),
            ('channel:web', 'channel', 6.00, 0.00), ('country:KE', 'country', 10.00, 8.00),
            ('product:P1', 'product', 9.99, 8.00)
        ) as changes (change_id, breakdown, latest_revenue_usd, previous_revenue_usd)
    """,
    "marts.rpt_cohorts": """
        select * from (values
            ('2026-10-01:0', date '2026-10-01', 0, 1, 1.0, 5.00),
            ('2026-10-01:1', date '2026-10-01', 1, 1, 1.0, 3.00),
            ('2026-11-01:0', date '2026-11-01', 0, 1, 1.0, 2.00)
        ) as cohorts (
            cohort_id, first_month_date, months_since, active_customer_count, retained_share,
            revenue_usd
        )
    """,
    "marts.rpt_customer_states": """
        select * from (values
            ('2026-10-01:new', date '2026-10-01', 1), ('2026-11-01:active', date '2026-11-01', 1),
            ('2026-11-01:new', date '2026-11-01', 1)
        ) as states (state_id, month_date, customer_count)
    """,
    "marts.rpt_look_alikes": """
        select 'tea' as segment_name, 100 as held_out_member_count, 0.2 as found_share,
            0.01 as found_by_chance_share
    """,
    "marts.rpt_revenue_forecast": """
        select
            concat_ws(':', breakdown, member, week_date) as forecast_id,
            breakdown, member, week_date, revenue_usd, forecast_usd::decimal(18, 2) as forecast_usd,
            forecast_usd is not null as is_forecast,
            forecast_usd - 2 as lower_80_usd, forecast_usd + 2 as upper_80_usd,
            forecast_usd - 4 as lower_95_usd, forecast_usd + 4 as upper_95_usd
        from (values
            ('all', 'all', date '2026-11-09', 10.00, null),
            ('channel', 'shop', date '2026-11-09', 4.00, null),
            ('channel', 'web', date '2026-11-09', 6.00, null),
            ('all', 'all', date '2026-11-16', null, 12.00),
            ('all', 'all', date '2026-11-23', null, 12.00)
        ) as weeks (breakdown, member, week_date, revenue_usd, forecast_usd)
    """,
    "marts.rpt_searches": """
        select * from (values
            ('2026-11-01:tea', 'tea', 7, 6, 3, 1, 0, 0.5),
            ('2026-11-01:(rare)', '(rare)', 1, 1, 1, 0, 0, 0.0)
        ) as searches (
            search_id, search_term, search_count, session_count, looked_session_count,
            carted_session_count, bought_session_count, left_share
        )
    """,
    "marts.rpt_segments": """
        select 'tea' as segment_name, 'in_use' as status, 1 as member_count,
            1 as contactable_member_count
    """,
    "marts.rpt_social_topics": """
        select '2026-11-01:none:en' as social_topic_id, 4 as mention_count, 3 as rated_count,
            0.3333 as positive_share, 0.3333 as negative_share
    """,
    "marts.rpt_vendors": """
        select
            'V:income_band' as vendor_attribute_id, 'V' as vendor, 200 as record_count,
            150 as filled_count, 50 as stale_count, 100 as useful_count, 10 as compared_count,
            0.9 as agreement_share, 0.1 as cost_per_useful_value_usd
    """,
    "marts.segment_look_alikes": """
        select * from (values ('tea', 1, 'C2', 0.5), ('tea', 2, 'C3', 0.2))
            as look_alikes (segment_name, place, customer_id, likeness)
    """,
}

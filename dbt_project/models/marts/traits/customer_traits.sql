-- Grain: one row per customer: what kind of customer it is, what it is worth, what to do next.
with judged as (

    select * from {{ ref('int_customer_traits__judged') }}

),

final as (

    select
        customer_id,
        rfm_segment,
        rfm_recency_score,
        rfm_frequency_score,
        rfm_monetary_score,
        engagement_level,
        preferred_channel,
        preferred_channel_basis,
        preferred_weekday,
        preferred_hour,
        coalesce(emails_sent_30_days, 0) as emails_sent_30_days,
        price_sensitivity,
        favourite_category,
        cast(round(probability_alive, 4) as decimal(9, 4)) as probability_alive,
        cast(round(expected_purchases_365_days, 4) as decimal(18, 4))
            as expected_purchases_365_days,
        cast(round(lifetime_value_365_days_usd, 2) as decimal(18, 2))
            as lifetime_value_365_days_usd,
        cast(round(churn_risk, 4) as decimal(9, 4)) as churn_risk,
        churn_reasons,
        next_product_id,
        next_product_reason,
        is_lead,
        case
            when is_lead
                then cast(
                    coalesce(cart_points, 0) + coalesce(visit_points, 0)
                    + coalesce(click_points, 0) + coalesce(contact_points, 0) as bigint
                )
        end as lead_score,
        case
            when is_lead
                then nullif(
                    concat_ws(
                        '; ',
                        case when cart_points > 0 then 'filled a basket' end,
                        case when visit_points > 0 then 'visited lately' end,
                        case when click_points > 0 then 'clicked in an e-mail' end,
                        case when contact_points > 0 then 'may be written to' end
                    ),
                    ''
                )
        end as lead_reasons
    from judged

)

select * from final
order by customer_id asc

-- Grain: one row per opportunity, whether or not the person it is talked about with is known.
with opportunities as (

    select * from {{ ref('int_opportunities__placed') }}

),

quotes as (

    select * from {{ ref('fct_quotes') }}
    where not is_in_future

),

offered as (

    select
        opportunity_id,
        count(*) as quote_count,
        count(case when is_open then 1 end) as open_quote_count,
        count(case when quote_state <> 'draft' then 1 end) > 0 as is_quoted,
        count(case when is_contradicted then 1 end) > 0 as is_contradicted,
        max(case when quote_state = 'accepted' then quoted_amount_usd end) as accepted_amount_usd
    from quotes
    group by opportunity_id

),

latest as (

    select * from quotes
    where is_latest

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.customer_id,
        opportunities.account_id,
        opportunities.stage,
        cast(opportunities.stage_position as bigint) as stage_position,
        opportunities.is_open,
        opportunities.is_won,
        opportunities.is_lost,
        opportunities.is_in_future,
        coalesce(offered.is_contradicted, false) as is_contradicted,
        opportunities.opened_at,
        opportunities.closed_at,
        opportunities.expected_close_date,
        coalesce(
            opportunities.is_open
            and opportunities.expected_close_date < cast(opportunities.as_of as date),
            false
        ) as is_past_expected,
        -- decided before it was opened is a clock gone wrong, and no time
        cast(
            case
                when opportunities.is_open
                    then {{ dbt.datediff('opportunities.opened_at', 'opportunities.as_of', 'day') }}
                when opportunities.closed_at >= opportunities.opened_at
                    then
                        {{ dbt.datediff(
                            'opportunities.opened_at', 'opportunities.closed_at', 'day'
                        ) }}
            end as bigint
        ) as days_open,
        case when opportunities.is_lost then opportunities.lost_reason end as lost_reason,
        opportunities.currency_code,
        cast(opportunities.expected_amount as decimal(18, 2)) as expected_amount,
        -- its own amount, else that of its offer; a negative one is a slip and counts nothing
        cast(
            greatest(
                coalesce(
                    opportunities.expected_amount_usd,
                    offered.accepted_amount_usd,
                    latest.quoted_amount_usd,
                    0
                ),
                0
            ) as decimal(18, 2)
        ) as value_usd,
        coalesce(offered.is_quoted, false) as is_quoted,
        coalesce(offered.quote_count, 0) as quote_count,
        coalesce(offered.open_quote_count, 0) as open_quote_count,
        latest.quote_id as latest_quote_id,
        latest.quote_state as latest_quote_state,
        latest.quoted_amount_usd as latest_quoted_amount_usd
    from opportunities
    left join offered
        on opportunities.opportunity_id = offered.opportunity_id
    left join latest
        on opportunities.opportunity_id = latest.opportunity_id

)

select * from final
order by opportunity_id asc

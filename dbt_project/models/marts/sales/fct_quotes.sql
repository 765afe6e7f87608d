-- Grain: one row per quote, every revision of an offer for itself, as it stands at the run.
with quotes as (

    select * from {{ ref('int_quotes__unioned') }}

),

opportunities as (

    select * from {{ ref('int_opportunities__placed') }}

),

clock as (

    select {{ as_of() }} as as_of

),

judged as (

    select
        quotes.*,
        opportunities.customer_id,
        opportunities.account_id,
        opportunities.opportunity_id is not null as has_opportunity,
        coalesce(opportunities.is_lost, false) as is_of_lost_opportunity,
        coalesce(quotes.drafted_at > clock.as_of, false) as is_in_future,
        case
            when
                quotes.quote_status in ('accepted', 'declined')
                and coalesce(quotes.answered_at <= clock.as_of, true)
                then quotes.quote_status
            when quotes.quote_status = 'revised' then 'replaced'
            when
                quotes.quote_status = 'draft'
                or coalesce(quotes.sent_at, quotes.drafted_at) > clock.as_of
                then 'draft'
            when quotes.valid_until_date < cast(clock.as_of as date) then 'expired'
            -- nobody waits for an answer to an offer whose opportunity is decided
            when opportunities.is_won or opportunities.is_lost then 'lapsed'
            else 'open'
        end as quote_state
    from quotes
    left join opportunities
        on quotes.opportunity_id = opportunities.opportunity_id
    cross join clock

),

final as (

    select
        quote_id,
        opportunity_id,
        customer_id,
        account_id,
        cast(revision_number as bigint) as revision_number,
        row_number() over (
            partition by opportunity_id
            order by
                is_in_future asc,
                revision_number desc nulls last,
                drafted_at desc nulls last,
                quote_id asc  -- total order: reruns pick the same row
        ) = 1 as is_latest,
        quote_state,
        quote_state = 'open' as is_open,
        quote_state = 'accepted' and is_of_lost_opportunity as is_contradicted,
        has_opportunity,
        is_in_future,
        drafted_at,
        sent_at,
        valid_until_date,
        answered_at,
        -- an answer before the offer is a clock gone wrong, and no time
        cast(
            case
                when quote_state in ('accepted', 'declined') and answered_at >= sent_at
                    then {{ dbt.datediff('sent_at', 'answered_at', 'day') }}
            end as bigint
        ) as days_to_answer,
        currency_code,
        cast(quoted_amount as decimal(18, 2)) as quoted_amount,
        cast(coalesce(quoted_amount_usd, 0) as decimal(18, 2)) as quoted_amount_usd
    from judged

)

select * from final
order by quote_id asc

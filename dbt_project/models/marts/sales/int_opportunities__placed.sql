-- Grain: one row per opportunity, with whose it is and how it stands at the moment of the run.
with opportunities as (

    select * from {{ ref('int_opportunities__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

account_identities as (

    select * from {{ ref('account_identities') }}

),

clock as (

    select {{ as_of() }} as as_of

),

placed as (

    select
        opportunities.*,
        identities.customer_id,
        coalesce(businesses.resolved_account_id, opportunities.account_id) as business_account_id,
        coalesce(opportunities.opened_at > clock.as_of, false) as is_in_future,
        not coalesce(opportunities.is_open, true) as is_closed,
        -- a decision dated after the run waits for its day
        coalesce(opportunities.closed_at <= clock.as_of, true) as is_closed_by_now,
        clock.as_of
    from opportunities
    left join identities
        on opportunities.source_record_id = identities.source_record_id
    left join account_identities as businesses
        on opportunities.account_id = businesses.account_id
    cross join clock

),

final as (

    select
        opportunity_id,
        customer_id,
        business_account_id as account_id,
        case
            when is_closed and not is_closed_by_now then 'pending'
            else coalesce(stage, 'unknown')
        end as stage,  -- noqa: RF04
        case when not is_closed or is_closed_by_now then stage_position end as stage_position,
        is_in_future,
        not is_in_future and not (is_closed and is_closed_by_now) as is_open,
        not is_in_future and is_closed and is_closed_by_now and coalesce(is_won, false) as is_won,
        not is_in_future and is_closed and is_closed_by_now and not coalesce(is_won, false)
            as is_lost,
        lost_reason,
        opened_at,
        closed_at,
        expected_close_date,
        currency_code,
        expected_amount,
        expected_amount_usd,
        as_of
    from placed

)

select * from final

-- Grain: one row per customer or account with a credit limit in force.
with credit_limits as (

    select * from {{ ref('int_credit_limits__unioned') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

account_identities as (

    select * from {{ ref('account_identities') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

owed_by as (

    select
        credit_limits.credit_limit_id,
        credit_limits.credit_limit_usd,
        credit_limits.credit_rating,
        credit_limits.valid_from_date,
        case when credit_limits.account_id is null then 'customer' else 'account' end
            as debtor_kind,
        coalesce(
            businesses.resolved_account_id, credit_limits.account_id, identities.customer_id
        ) as debtor_id
    from credit_limits
    left join identities
        on credit_limits.source_record_id = identities.source_record_id
    left join account_identities as businesses
        on credit_limits.account_id = businesses.account_id
    cross join clock
    where
        credit_limits.valid_from_date is null
        or credit_limits.valid_from_date <= clock.today

),

ranked as (

    select
        *,
        row_number() over (
            partition by debtor_kind, debtor_id
            order by
                valid_from_date desc nulls last,
                credit_limit_id asc  -- total order: reruns pick the same row
        ) as recency_rank
    from owed_by
    where debtor_id is not null

),

final as (

    select
        debtor_kind,
        debtor_id,
        credit_limit_usd,
        credit_rating,
        valid_from_date
    from ranked
    where recency_rank = 1

)

select * from final

-- Grain: one row per business account of any source.
with accounts as (

    select * from {{ source('identity', 'accounts') }}

),

final as (

    select
        account_id,
        resolved_account_id,
        evidence
    from accounts

)

select * from final
order by account_id asc

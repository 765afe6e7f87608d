-- Grain: one row per account and account above it, itself included.
with recursive accounts as (

    select * from {{ ref('dim_accounts') }}

),

-- an account that names itself or a missing one as its parent stands on its own; a circle ends
chains as (

    select
        account_id,
        account_id as ancestor_id,
        0 as depth  -- noqa: RF04
    from accounts

    union all

    select
        chains.account_id,
        accounts.parent_account_id as ancestor_id,
        chains.depth + 1 as depth  -- noqa: RF04
    from chains
    inner join accounts
        on chains.ancestor_id = accounts.account_id
    inner join accounts as parents
        on accounts.parent_account_id = parents.account_id
    where
        accounts.parent_account_id <> accounts.account_id
        and accounts.parent_account_id <> chains.account_id
        and chains.depth < 10

),

-- a chain that runs into a circle comes by the same accounts again and again
final as (

    select
        account_id,
        ancestor_id,
        min(depth) as depth  -- noqa: RF04
    from chains
    group by account_id, ancestor_id

)

select * from final

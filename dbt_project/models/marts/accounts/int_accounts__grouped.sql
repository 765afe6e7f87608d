-- Grain: one row per account, with the account at the top of its group.
with chains as (

    select * from {{ ref('int_accounts__chained') }}

),

counted as (

    select
        account_id,
        count(*) as ancestor_count
    from chains
    group by account_id

),

-- nobody stands above the top; in a circle each stands above all, and the first of them counts
ranked as (

    select
        chains.account_id,
        chains.ancestor_id as group_account_id,
        chains.depth as level_in_group,
        row_number() over (
            partition by chains.account_id
            order by
                counted.ancestor_count asc,
                chains.ancestor_id asc  -- total order: reruns pick the same row
        ) as height_rank
    from chains
    inner join counted
        on chains.ancestor_id = counted.account_id

),

final as (

    select
        account_id,
        group_account_id,
        level_in_group
    from ranked
    where height_rank = 1

)

select * from final

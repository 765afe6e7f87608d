-- Grain: one row per customer id that is no longer in use.
with aliases as (

    select * from {{ source('identity', 'customer_aliases') }}

),

final as (

    select
        customer_id,
        current_customer_id,
        cast(since as timestamp) as since
    from aliases

)

select * from final
order by customer_id asc

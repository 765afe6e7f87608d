-- Grain: one row per interaction of any channel whose customer is known.
with interactions as (

    select * from {{ ref('int_interactions__attributed') }}

),

final as (

    select
        interaction_id,
        customer_id,
        occurred_at,
        channel,
        interaction_type,
        -- what people type into a search box may be about somebody
        case when interaction_type <> 'search' then subject end as subject,
        source_system,
        attributed_by,
        campaign_id,
        order_id,
        ticket_id,
        cast(amount_usd as decimal(18, 2)) as amount_usd
    from interactions
    where customer_id is not null

)

-- a customer's rows lie together: a reader of one customer touches one part of the table
select * from final
order by customer_id asc, occurred_at asc, interaction_id asc

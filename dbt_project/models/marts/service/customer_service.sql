-- Grain: one row per customer that ever asked for help.
with tickets as (

    select * from {{ ref('fct_tickets') }}

),

known as (

    select * from tickets
    where customer_id is not null

),

final as (

    select
        customer_id,
        count(*) as ticket_count,
        count(case when is_open then 1 end) as open_ticket_count,
        count(case when is_open_complaint then 1 end) as open_complaint_count,
        -- whoever waits for an answer to a complaint is not sent offers meanwhile
        count(case when is_open_complaint then 1 end) > 0 as is_mailing_paused,
        count(case when category = 'complaint' then 1 end) as complaint_count,
        count(case when is_repeated then 1 end) as repeated_ticket_count,
        cast(sum(chat_count) as bigint) as chat_count,
        cast(sum(call_count) as bigint) as call_count,
        cast(round(avg(first_response_minutes)) as bigint) as average_first_response_minutes,
        cast(round(avg(resolution_minutes)) as bigint) as average_resolution_minutes,
        cast(round(avg(satisfaction), 2) as decimal(4, 2)) as average_satisfaction,
        cast(min(satisfaction) as bigint) as lowest_satisfaction,
        max(opened_at) as last_ticket_opened_at
    from known
    group by customer_id

)

select * from final
order by customer_id asc

select
    occurred_at,
    channel,
    interaction_type,
    subject,
    campaign_id,
    order_id,
    ticket_id,
    amount_usd,
    source_system
from marts.customer_timeline
where customer_id = $customer_id
order by occurred_at desc, interaction_id asc
limit 300

-- Grain: one row per ticket whose requester left a name, an e-mail address or a number.
with tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

requesters as (

    select
        source_record_id,
        source_system,
        requester_name_raw as full_name_raw,
        requester_email_raw as email_raw,
        requester_phone_raw as phone_raw,
        country_code,
        opened_at as source_created_at,
        source_updated_at
    from tickets
    where source_record_id is not null

)

select * from requesters

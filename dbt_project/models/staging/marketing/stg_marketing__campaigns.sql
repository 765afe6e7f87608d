-- Grain: one row per campaign.
with source as (

    select * from {{ current_rows(source('landing', 'marketing_campaigns')) }}

),

renamed as (

    select
        -- ids
        campaign_id,

        -- text
        {{ trimmed('campaign_name') }} as campaign_name,
        lower({{ trimmed('channel') }}) as channel,
        lower({{ trimmed('objective') }}) as objective,

        -- amounts
        budget_amount,
        upper({{ trimmed('budget_currency') }}) as currency_code,

        -- dates
        started_on as start_date,
        ended_on as end_date
    from source

)

select * from renamed

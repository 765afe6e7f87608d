-- Grain: one row per day, campaign and advertising platform.
with source as (

    select * from {{ current_rows(source('landing', 'marketing_ad_spend')) }}

),

renamed as (

    select
        -- ids
        {{ trimmed('campaign_id') }} as campaign_id,
        lower({{ trimmed('platform') }}) as platform,

        -- counts and amounts
        impressions,
        clicks,
        cost as cost_amount,
        upper({{ trimmed('currency') }}) as currency_code,

        -- dates
        spend_date as cost_date
    from source

)

select * from renamed

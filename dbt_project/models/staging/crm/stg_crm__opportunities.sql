-- Grain: one row per opportunity.
with source as (

    select * from {{ current_rows(source('landing', 'crm_opportunities')) }}

),

renamed as (

    select
        -- ids
        opportunity_id,
        'crm' as source_system,
        'crm:' || {{ trimmed('contact_id') }} as source_record_id,
        {{ trimmed('account_id') }} as account_id,

        -- state: a stage that nobody knows decides nothing
        lower({{ trimmed('stage') }}) as stage,  -- noqa: RF04
        case lower({{ trimmed('stage') }})
            when 'prospecting' then 1
            when 'qualification' then 2
            when 'proposal' then 3
            when 'negotiation' then 4
            when 'won' then 5
            when 'lost' then 6
        end as stage_position,
        lower({{ trimmed('stage') }}) not in ('won', 'lost') as is_open,
        lower({{ trimmed('stage') }}) = 'won' as is_won,
        lower({{ trimmed('lost_reason') }}) as lost_reason,

        -- amounts
        upper({{ trimmed('currency') }}) as currency_code,
        expected_amount,

        -- dates
        expected_close_on as expected_close_date,

        -- timestamps (utc)
        created_at as opened_at,
        closed_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

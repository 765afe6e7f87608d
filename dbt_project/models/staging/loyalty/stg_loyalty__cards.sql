-- Grain: one row per loyalty card.
with source as (

    select * from {{ current_rows(source('landing', 'loyalty_cards')) }}

),

renamed as (

    select
        -- ids
        card_no,
        'loyalty:' || member_id as source_record_id,

        -- state
        lower({{ trimmed('card_status') }}) as card_status,

        -- timestamps (utc)
        issued_at,
        updated_at as source_updated_at
    from source

)

select * from renamed

-- Grain: one row per customer number.
with invoice_lines as (

    select * from {{ ref('stg_retail__invoice_lines') }}

),

ranked as (

    select
        source_record_id,
        country_name,
        row_number() over (
            partition by source_record_id
            order by
                ordered_at desc,
                order_id desc,
                country_name asc  -- total order: reruns pick the same row
        ) as recency_rank
    from invoice_lines
    where source_record_id is not null

),

final as (

    select
        source_record_id,
        'retail' as source_system,
        -- the countries of nine customers in ten; others have no code here
        case country_name
            when 'United Kingdom' then 'GB'
            when 'Germany' then 'DE'
            when 'France' then 'FR'
            when 'EIRE' then 'IE'
            when 'Spain' then 'ES'
        end as country_code
    from ranked
    where recency_rank = 1

)

select * from final

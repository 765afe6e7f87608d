-- Grain: one row per review of a product.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'store_product_reviews')) }}

),

renamed as (

    select
        'store_product_reviews:' || product_review_id as interaction_id,
        'store' as source_system,
        'web' as channel,
        'review' as interaction_type,
        reviewed_at as occurred_at,
        {{ customer_360.trimmed('email_address') }} as email_raw,
        product_key as subject,
        rating,
        comments as body
    from source

)

select * from renamed

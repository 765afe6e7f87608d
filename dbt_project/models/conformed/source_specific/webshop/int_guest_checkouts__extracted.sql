-- Grain: one row per order that a guest placed, as the record of the person who placed it.
with orders as (

    select * from {{ ref('stg_webshop__orders') }}

),

guests as (

    select
        source_record_id,
        'webshop_guest' as source_system,
        guest_name_raw as full_name_raw,
        guest_email_raw as email_raw,
        guest_phone_raw as phone_raw,
        shipping_street_raw as street_raw,
        shipping_city_raw as city_raw,
        shipping_country_code as country_code,
        ordered_at as source_created_at,
        source_updated_at
    from orders
    where is_guest

)

select * from guests

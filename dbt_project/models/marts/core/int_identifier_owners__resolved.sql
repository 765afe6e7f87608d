-- Grain: one row per identifier (e-mail, phone, device) that any customer carries.
with identifiers as (

    select * from {{ ref('int_customer_identifiers__collected') }}

),

counted as (

    select
        identifier_kind,
        identifier_value,
        count(*) as customer_count,
        max(case when is_placeholder then 1 else 0 end) = 1 as is_placeholder,
        min(customer_id) as first_customer_id
    from identifiers
    group by identifier_kind, identifier_value

),

resolved as (

    select
        identifier_kind,
        identifier_value,
        customer_count,
        first_customer_id,
        case
            when is_placeholder then 'placeholder'
            when customer_count > 1 then 'shared'
            else 'sole'
        end as owner_status
    from counted

),

final as (

    select
        identifier_kind,
        identifier_value,
        customer_count,
        owner_status,
        -- an identifier of several customers says nothing about which of them acted
        case when owner_status = 'sole' then first_customer_id end as customer_id
    from resolved

)

select * from final

-- Grain: one row per customer that shares its address with another one.
-- A household is two to eight customers at one address, down to the flat; more than that at one
-- address is a house whose flats nobody wrote down, or an office.
with customers as (

    select * from {{ ref('customer_360') }}

),

addresses as (

    select * from {{ ref('int_addresses__normalised') }}

),

living as (

    select
        customers.customer_id,
        customers.family_name,
        customers.phone,
        concat_ws(
            '|',
            addresses.country_code,
            addresses.city,
            addresses.street,
            coalesce(addresses.unit, '')
        ) as address_key
    from customers
    inner join addresses
        on customers.address_source_record_id = addresses.source_record_id
    where
        addresses.street is not null
        and addresses.city is not null
        and not customers.is_test_account
        and customers.account_id is null

),

counted as (

    select
        address_key,
        count(*) as member_count,
        count(distinct family_name) as family_name_count,
        count(phone) - count(distinct phone) as shared_phone_count
    from living
    group by address_key
    having count(*) between 2 and 8

),

final as (

    select
        living.customer_id,
        'H' || substr(md5(counted.address_key), 1, 16) as household_id,
        counted.member_count,
        case
            when counted.shared_phone_count > 0 then 'address and telephone'
            when counted.family_name_count < counted.member_count then 'address and family name'
            else 'address'
        end as evidence
    from living
    inner join counted
        on living.address_key = counted.address_key

)

select * from final
order by customer_id asc

-- Grain: one row per person record, with those of its values that may be believed.
with records as (

    select * from {{ ref('int_person_records__normalised') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

account_people as (

    select * from {{ source('identity', 'account_people') }}

),

contact_points as (

    select * from {{ ref('int_contact_points__normalised') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

placeholder_emails as (

    select distinct value from contact_points
    where is_placeholder and kind = 'email'

),

placeholder_phones as (

    select distinct value from contact_points
    where is_placeholder and kind = 'phone'

),

final as (

    select
        identities.customer_id,
        records.source_record_id,
        records.source_system,
        records.source_priority,
        records.source_created_at,
        records.source_updated_at,
        account_people.account_id,
        coalesce(records.is_test_record, false) as is_test_record,

        -- name
        nullif(
            coalesce(
                nullif(trim(records.full_name_raw), ''),
                trim(concat_ws(
                    ' ', records.given_name_raw, records.middle_name_raw, records.family_name_raw
                ))
            ),
            ''
        ) as display_name,
        records.given_name,
        records.middle_name,
        records.family_name,
        records.full_name,

        -- person
        case
            when
                records.birth_date <= clock.today
                and records.birth_date > clock.today - interval '120' year
                then records.birth_date
        end as birth_date,
        case when records.sex in ('m', 'f') then records.sex end as sex,

        -- contact points: a value that stands on dozens of records reaches nobody
        case when placeholder_emails.value is null then records.email end as email,
        case
            when placeholder_emails.value is null and records.email is not null
                then trim(records.email_raw)
        end as email_raw,
        coalesce(
            case when placeholder_phones.value is null then records.phone end,
            case when placeholder_second_phones.value is null then records.secondary_phone end
        ) as phone,

        -- address
        records.street_raw,
        records.unit,
        records.city_raw,
        records.city,
        records.region,
        records.postcode,
        records.country_code
    from records
    inner join identities
        on records.source_record_id = identities.source_record_id
    left join account_people
        on
            records.source_record_id = account_people.source_record_id
            -- who has a mailbox at a business is its contact, but need not act for it
            and account_people.evidence = 'declared'
    left join placeholder_emails
        on records.email = placeholder_emails.value
    left join placeholder_phones
        on records.phone = placeholder_phones.value
    left join placeholder_phones as placeholder_second_phones
        on records.secondary_phone = placeholder_second_phones.value
    cross join clock

)

select * from final

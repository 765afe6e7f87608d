-- Grain: one row per business account.
with accounts as (

    {{ union_sources('accounts', {
        'account_id': 'varchar',
        'source_system': 'varchar',
        'account_name': 'varchar',
        'legal_form': 'varchar',
        'tax_number': 'varchar',
        'industry': 'varchar',
        'website': 'varchar',
        'phone_raw': 'varchar',
        'street_raw': 'varchar',
        'city_raw': 'varchar',
        'country_code': 'varchar',
        'parent_account_id': 'varchar',
        'source_updated_at': 'timestamp',
    }) }}

),

final as (

    select
        account_id,
        source_system,
        account_name,
        legal_form,
        {{ letters_and_digits('tax_number') }} as tax_number,
        industry,
        nullif(regexp_extract(lower(website), '^([a-z]+://)?(www[.])?([^/:?#]+)', 3), '')
            as website_domain,
        {{ normalise_phone('phone_raw', 'country_code') }} as phone,
        {{ normalise_address('street_raw') }} as street,
        {{ normalise_address('city_raw') }} as city,
        country_code,
        parent_account_id,
        source_updated_at
    from accounts

)

select * from final

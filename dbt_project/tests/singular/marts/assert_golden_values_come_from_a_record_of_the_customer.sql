-- A value of somebody else's record on a customer would be a mix-up of two people.
{%- set attributes = [
    'name', 'birth_date', 'sex', 'email', 'phone', 'address', 'country', 'account',
    'household_size', 'income_band', 'interests'
] %}
with provenance as (

    {%- for attribute in attributes %}
        select
            customer_id,
            {{ attribute }}_source_record_id as source_record_id,
            {{ attribute }}_source as source_system
        from {{ ref('customer_360') }}
        where {{ attribute }}_source_record_id is not null
        {{ "union" if not loop.last }}
    {%- endfor %}

)

select
    provenance.customer_id,
    provenance.source_record_id
from provenance
left join {{ ref('int_identities__current') }} as identities
    on
        provenance.source_record_id = identities.source_record_id
        and provenance.customer_id = identities.customer_id
        and provenance.source_system = identities.source_system
where identities.customer_id is null

-- Why: a guest is known by the order alone; without the record the order belongs to nobody.
with orders as (

    select * from {{ ref('int_orders__unioned') }}

),

records as (

    select * from {{ ref('int_person_records__normalised') }}

)

select orders.order_id
from orders
left join records
    on orders.source_record_id = records.source_record_id
where
    orders.is_guest
    and records.source_record_id is null

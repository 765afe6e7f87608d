-- An id that was merged into another must never come back as a customer.
select aliases.customer_id
from {{ ref('customer_aliases') }} as aliases
inner join {{ ref('customer_360') }} as customers
    on aliases.customer_id = customers.customer_id

-- A rule that gives away more or less than the order would make campaigns pay or fail on paper.
{%- set rules = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position'] %}
select
    identity_view,
    order_id
from {{ ref('fct_attributed_touches') }}
group by identity_view, order_id
having
    {%- for rule in rules %}
        abs(sum({{ rule }}_share) - 1) > 0.000001 {{ "or" if not loop.last }}
    {%- endfor %}

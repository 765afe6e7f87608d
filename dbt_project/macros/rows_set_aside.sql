{#- How many landed rows do not hold today, counted from the contract alone and not from what staging made of it:
    earlier versions, repeated rows, older full deliveries, deleted keys. -#}
{% macro rows_set_aside(relation) -%}
    {%- set loads = source('quality', 'loads') -%}
    {%- if not execute -%}
        0
    {%- else -%}
        {%- set contract = customer_360.contract_of(relation) -%}
        {%- set in_force = customer_360.is_in_force(contract, relation, loads) -%}
        {%- set distinct_key = 'distinct (landed.' ~ contract.key | join(', landed.') ~ ')' -%}
        (
            select count(*) - count({{ distinct_key if contract.key else '*' }}) filter (where {{ in_force }})
            from {{ relation }} as landed
        )
        {%- if customer_360.is_delete(contract) %}
        + (
            select count(*)
            from (
                select
                    {{ customer_360.is_delete(contract) }} as is_delete,
                    row_number() over (
                        partition by landed.{{ contract.key | join(', landed.') }}
                        order by
                            landed.{{ contract.cursor }} desc,
                            loads.load_order desc,
                            {{ customer_360.is_delete(contract) }} desc
                    ) as recency_rank
                from {{ relation }} as landed
                left join {{ loads }} as loads
                    on landed._load_id = loads.load_id
                where {{ in_force }}
            ) as ranked
            where ranked.recency_rank = 1 and ranked.is_delete
        )
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

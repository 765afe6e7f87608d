-- Grain: one row per customer or account that something open is talked about with.
with opportunities as (

    select * from {{ ref('fct_opportunities') }}
    where is_open

),

owned as (

    {%- for owner in ['customer', 'account'] %}
        select
            '{{ owner }}' as owner_kind,
            {{ owner }}_id as owner_id,
            value_usd,
            open_quote_count
        from opportunities
        where {{ owner }}_id is not null
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

final as (

    select
        owner_kind,
        owner_id,
        count(*) as open_opportunity_count,
        cast(sum(value_usd) as decimal(18, 2)) as open_opportunity_value_usd,
        cast(sum(open_quote_count) as bigint) as open_quote_count
    from owned
    group by owner_kind, owner_id

)

select * from final

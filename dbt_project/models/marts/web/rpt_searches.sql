-- Grain: one row per month and words searched for.
-- Words of few visits may be somebody's own, such as a name: they are counted together.
with events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

searches as (

    select
        device_id,
        session_number,
        subject as typed,
        cast({{ dbt.date_trunc('month', 'min(occurred_at)') }} as date) as month_date,
        count(*) as search_count,
        min(occurred_at) as searched_at
    from events
    where
        interaction_type = 'search'
        and subject is not null
    group by device_id, session_number, subject

),

-- what came after in the same visit
followed as (

    select
        events.device_id,
        events.session_number,
        max(case when events.interaction_type = 'view' then events.occurred_at end)
            as last_view_at,
        max(case when events.interaction_type = 'cart' then events.occurred_at end)
            as last_cart_at,
        max(case when events.interaction_type = 'purchase' then events.occurred_at end)
            as last_purchase_at,
        max(events.customer_id) as customer_id
    from events
    group by events.device_id, events.session_number

),

outcomes as (

    select
        searches.month_date,
        case
            when
                count(*) over (partition by searches.month_date, searches.typed)
                >= {{ var('search_listed_from_visits') }}
                then searches.typed
            else 'rare'
        end as search_term,
        searches.search_count,
        followed.customer_id,
        followed.last_view_at >= searches.searched_at as has_looked,
        followed.last_cart_at >= searches.searched_at as has_carted,
        followed.last_purchase_at >= searches.searched_at as has_bought
    from searches
    inner join followed
        on
            searches.device_id = followed.device_id
            and searches.session_number = followed.session_number

),

counted as (

    select
        month_date,
        search_term,
        cast(sum(search_count) as bigint) as search_count,
        count(*) as session_count,
        count(distinct customer_id) as known_customer_count,
        count(case when has_looked then 1 end) as looked_session_count,
        count(case when has_carted then 1 end) as carted_session_count,
        count(case when has_bought then 1 end) as bought_session_count
    from outcomes
    group by month_date, search_term

),

final as (

    select
        cast(month_date as {{ dbt.type_string() }}) || ':' || search_term as search_id,
        *,
        cast(round(1 - looked_session_count * 1.0 / session_count, 4) as decimal(9, 4))
            as left_share
    from counted

)

select * from final
order by search_id asc

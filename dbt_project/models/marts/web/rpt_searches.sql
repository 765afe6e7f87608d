-- Grain: one row per month and words searched for.
-- Words of few devices may be somebody's own, such as a name: they are counted together.
with events as (

    select * from {{ ref('int_web_events__sessioned') }}

),

searches as (

    select
        device_id,
        session_started_at,
        subject as typed,
        cast({{ dbt.date_trunc('month', 'min(occurred_at)') }} as date) as month_date,
        count(*) as search_count,
        min(occurred_at) as searched_at
    from events
    where
        interaction_type = 'search'
        and subject is not null
    group by device_id, session_started_at, subject

),

-- a device of one person may search for one name in many visits
listed as (

    select
        month_date,
        typed
    from searches
    group by month_date, typed
    having count(distinct device_id) >= {{ var('search_listed_from_devices') }}

),

-- what came after in the same visit
followed as (

    select
        events.device_id,
        events.session_started_at,
        max(case when events.interaction_type = 'view' then events.occurred_at end)
            as last_view_at,
        max(case when events.interaction_type = 'cart' then events.occurred_at end)
            as last_cart_at,
        max(case when events.interaction_type = 'purchase' then events.occurred_at end)
            as last_purchase_at,
        max(events.customer_id) as customer_id
    from events
    group by events.device_id, events.session_started_at

),

outcomes as (

    select
        searches.month_date,
        coalesce(listed.typed, '(rare)') as search_term,
        searches.search_count,
        {{ session_id('searches') }} as session_id,
        followed.customer_id,
        followed.last_view_at >= searches.searched_at as has_looked,
        followed.last_cart_at >= searches.searched_at as has_carted,
        followed.last_purchase_at >= searches.searched_at as has_bought
    from searches
    inner join followed
        on
            searches.device_id = followed.device_id
            and searches.session_started_at = followed.session_started_at
    left join listed
        on
            searches.month_date = listed.month_date
            and searches.typed = listed.typed

),

counted as (

    select
        month_date,
        search_term,
        cast(sum(search_count) as bigint) as search_count,
        count(distinct session_id) as session_count,
        count(distinct customer_id) as known_customer_count,
        count(distinct case when has_looked then session_id end) as looked_session_count,
        count(distinct case when has_carted then session_id end) as carted_session_count,
        count(distinct case when has_bought then session_id end) as bought_session_count
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

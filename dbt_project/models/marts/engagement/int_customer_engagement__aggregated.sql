-- Grain: one row per customer with at least one interaction.
-- A visit is a day on which the customer was active in the channel.
{%- set windows = [90, 365] %}
{%- set visited_channels = ['web', 'app', 'shop'] %}
{%- set contact_channels = {'support': 'support_contacts', 'social': 'social_mentions'} %}
{%- set last_channels = ['email', 'web', 'app', 'shop', 'support', 'social'] %}
with active_days as (

    select * from {{ ref('int_customer_days__active') }}

),

clock as (

    select cast({{ as_of() }} as date) as today

),

aged as (

    select
        active_days.customer_id,
        -- chats and calls are ways to reach support
        case
            when active_days.channel in ('chat', 'phone') then 'support'
            else active_days.channel
        end as channel,
        active_days.interaction_count,
        active_days.open_count,
        active_days.click_count,
        {%- for days in windows %}
            active_days.active_date <= clock.today
            and active_days.active_date > clock.today - interval '{{ days }}' day
                as is_within_{{ days }}_days,
        {%- endfor %}
        active_days.last_interaction_at
    from active_days
    cross join clock

),

final as (

    select
        customer_id,
        {%- for days in windows %}
            {%- set email = "channel = 'email' and is_within_" ~ days ~ "_days" %}
            cast(sum(case when {{ email }} then open_count else 0 end) as bigint)
                as email_opens_{{ days }}_days,
            cast(sum(case when {{ email }} then click_count else 0 end) as bigint)
                as email_clicks_{{ days }}_days,
            {%- for channel in visited_channels %}
                count(case when channel = '{{ channel }}' and is_within_{{ days }}_days then 1 end)
                    as {{ channel }}_visits_{{ days }}_days,
            {%- endfor %}
            {%- for channel, contacts in contact_channels.items() %}
                cast(
                    sum(
                        case
                            when channel = '{{ channel }}' and is_within_{{ days }}_days
                                then interaction_count
                            else 0
                        end
                    ) as bigint
                ) as {{ contacts }}_{{ days }}_days,
            {%- endfor %}
        {%- endfor %}
        {%- for channel in last_channels %}
            max(case when channel = '{{ channel }}' then last_interaction_at end)
                as last_{{ channel }}_at,
        {%- endfor %}
        cast(sum(interaction_count) as bigint) as interaction_count,
        max(last_interaction_at) as last_interaction_at
    from aged
    group by customer_id

)

select * from final

-- Grain: one row per answer of a survey.
with source as (

    select * from {{ customer_360.current_rows(source('landing', 'marketing_survey_responses')) }}

),

renamed as (

    select
        'marketing_survey_responses:' || survey_response_key as interaction_id,
        'marketing' as source_system,
        'web' as channel,
        'survey_answer' as interaction_type,
        answered_at as occurred_at,
        'store:' || customer_key as source_record_id,
        {{ customer_360.trimmed('product_subcategory_name') }} as subject
    from source

)

select * from renamed

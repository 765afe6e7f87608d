{#- Delete the rows of an incremental model whose key its input no longer has, before the new ones are written: a value
    that was deleted at its source must not live on here. For the pre_hook of the model. -#}
{% macro forget_gone_rows(key, input) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where {{ key }} not in (
            select input.{{ key }} from {{ input }} as input
            where input.{{ key }} is not null  -- of a list with a null nothing is known to be absent
        )
    {%- endif -%}
{%- endmacro %}

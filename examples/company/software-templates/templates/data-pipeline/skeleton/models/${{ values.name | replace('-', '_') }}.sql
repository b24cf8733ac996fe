-- ${{ values.question }}
{% raw %}{{ config(materialized='table') }}{% endraw %}

select 1 as answer

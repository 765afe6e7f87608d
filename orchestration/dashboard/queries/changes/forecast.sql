-- Half a year behind us, and what is expected of the weeks to come.
select
    forecast.week_date,
    forecast.revenue_usd,
    forecast.forecast_usd,
    forecast.lower_80_usd,
    forecast.upper_80_usd
from marts.rpt_revenue_forecast as forecast
cross join about.snapshot as snapshot
where
    forecast.breakdown = 'all'
    and forecast.week_date >= cast(snapshot.as_of as date) - 183
order by forecast.week_date asc

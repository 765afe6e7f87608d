"""Grain: one row per use case and attribute it needs: how far the marts hold it."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Measure the needs; the references tell dbt what has to be built before."""
    from orchestration.requirements.measurement import measured_needs
    from orchestration.requirements.use_case import load_use_cases, use_case_folder
    from orchestration.settings import Settings

    dbt.ref("customer_360")
    dbt.ref("customer_traits")
    dbt.ref("customer_sales")
    dbt.ref("customer_service")
    dbt.ref("dim_products")
    dbt.ref("fct_attributed_touches")
    dbt.ref("fct_invoices")
    dbt.ref("fct_opportunities")
    dbt.ref("fct_order_lines")
    dbt.ref("fct_orders")
    dbt.ref("fct_quotes")
    dbt.ref("fct_sessions")
    dbt.ref("fct_tickets")
    dbt.ref("rpt_campaigns")
    dbt.ref("rpt_debtors")
    runs = dbt.source("quality", "runs")
    as_of = runs.order("started_order desc").limit(1).fetchall()
    position = runs.columns.index("as_of")
    use_cases = load_use_cases(use_case_folder(Settings().company_dir))
    return measured_needs(session, use_cases, as_of[0][position])

"""Grain: one row per segment file: whose it is, what it is for, whether it could be used."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Read the files; the references tell dbt what has to be built before."""
    from orchestration.segments.evaluation import read_segments, segments_table
    from orchestration.settings import Settings

    dbt.ref("customer_360")
    dbt.ref("customer_traits")
    dbt.ref("customer_sales")
    dbt.ref("customer_service")
    dbt.ref("customer_freshness")
    dbt.ref("customer_households")
    return segments_table(read_segments(session, Settings().company_dir))

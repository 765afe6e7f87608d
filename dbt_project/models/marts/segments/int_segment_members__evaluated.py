"""Grain: one row per segment and customer that is in it today."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Evaluate the segments that could be read."""
    from orchestration.segments.evaluation import members_table, read_segments
    from orchestration.settings import Settings

    dbt.ref("int_segments__read")
    return members_table(session, read_segments(session, Settings().company_dir))

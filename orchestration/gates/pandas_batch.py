"""Validate a frame with GX's own pandas batch: what our engine is compared with, and no more."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import great_expectations
import pandas as pd

from orchestration.gates.validation import data_context


def holds_on_pandas(frame: pd.DataFrame, expectations: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether all expectations hold, by GX's own computation."""
    name = uuid4().hex  # a context knows a name once
    batch = (
        data_context()
        .data_sources.add_pandas(name)
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    asked = [dict(each) for each in expectations]
    suite = great_expectations.ExpectationSuite(name=name, expectations=asked)
    return bool(batch.validate(suite).success)

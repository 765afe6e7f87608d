"""Register the rating of texts as a SQL function on a DuckDB connection."""

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType
from duckdb.sqltypes import DOUBLE, VARCHAR

from orchestration.sentiment.rating import sentiment_score


def register_sentiment(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the function `sentiment_score(text, language)`; it answers null with null."""
    connection.create_function(
        "sentiment_score",
        _of_text,
        [VARCHAR, VARCHAR],
        DOUBLE,
        type=PythonUDFType.NATIVE,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=False,
    )


def _of_text(text: str | None, language: str | None) -> float | None:
    return None if text is None else sentiment_score(text, language)

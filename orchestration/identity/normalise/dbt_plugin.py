"""Register our SQL functions, for dbt-duckdb: the normalisers, and the rating of texts.

Named in `profiles.yml` under `plugins`, also in those of companies with a dbt project of their own.
What a function does is decided where it stands.
"""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.identity.normalise.registration import register_normalisers
from orchestration.sentiment.registration import register_sentiment


class Plugin(BasePlugin):
    """Give every connection of dbt `normalise_*`, `parse_full_name` and `sentiment_score`."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the functions on a new connection."""
        register_normalisers(conn)
        register_sentiment(conn)

"""Register the normalisers as SQL functions, for dbt-duckdb and for any other DuckDB connection.

Named in `profiles.yml` under `plugins`. What a function does is decided in the modules beside it.
"""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.identity.normalise.registration import register_normalisers


class Plugin(BasePlugin):
    """Give every connection of dbt the SQL functions `normalise_*` and `parse_full_name`."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the functions on a new connection."""
        register_normalisers(conn)

"""Make a dataset and a chart in a running Superset, and ask the chart for its figures.

Arguments: the address of Superset, the file that holds the password. Prints one JSON object. It
needs nothing beside Python; what is there already is used again.
"""

import json
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import quote

DATABASE = "Customer 360"
TABLE = "customer_360"
CHART = "Revenue by country"
METRIC = {
    "expressionType": "SQL",
    "sqlExpression": "sum(revenue_usd)",
    "label": "revenue_usd",
    "optionName": "metric_revenue_usd",
}


class Superset:
    """A session of the user admin, over Superset's REST API."""

    def __init__(self, address: str, password: str) -> None:
        """Log in."""
        self._address = address.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._headers = {"Content-Type": "application/json", "Referer": self._address}
        login = {"username": "admin", "password": password, "provider": "db", "refresh": False}
        token = self.ask("/security/login", login)["access_token"]
        self._headers["Authorization"] = f"Bearer {token}"
        self._headers["X-CSRFToken"] = self.ask("/security/csrf_token/")["result"]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the answer of one end point; with a body it is a POST."""
        request = urllib.request.Request(  # noqa: S310  the address is the caller's own server
            f"{self._address}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=self._headers,
        )
        with self._opener.open(request, timeout=60) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def found(self, kind: str, column: str, value: str) -> int | None:
        """Return the id of what is called so, if it is there."""
        asked = f"(filters:!((col:{column},opr:eq,value:{json.dumps(value)})))".replace('"', "'")
        ids = self.ask(f"/{kind}/?q={quote(asked)}")["ids"]
        return int(ids[0]) if ids else None


def dataset_of(superset: Superset, database: int) -> int:
    """Return the dataset over marts.customer_360, made if it is not there."""
    known = superset.found("dataset", "table_name", TABLE)
    wanted = {"database": database, "schema": "marts", "table_name": TABLE}
    return known or int(superset.ask("/dataset/", wanted)["id"])


def chart_of(superset: Superset, dataset: int) -> int:
    """Return the chart of revenue by country, made if it is not there."""
    form = {
        "viz_type": "echarts_timeseries_bar",
        "datasource": f"{dataset}__table",
        "x_axis": "country_code",
        "x_axis_sort": "revenue_usd",
        "x_axis_sort_asc": False,
        "metrics": [METRIC],
        "groupby": [],
        "adhoc_filters": [],
        "orientation": "vertical",
        "row_limit": 100,
        "show_value": True,
        "y_axis_format": "$,.3~s",
        "x_axis_title": "country",
        "x_axis_title_margin": 30,
        "y_axis_title": "revenue in US dollars",
        "y_axis_title_margin": 50,
    }
    wanted = {
        "slice_name": CHART,
        "viz_type": form["viz_type"],
        "datasource_id": dataset,
        "datasource_type": "table",
        "params": json.dumps(form),
    }
    known = superset.found("chart", "slice_name", CHART)
    return known or int(superset.ask("/chart/", wanted)["id"])


def figures(superset: Superset, dataset: int) -> list[dict[str, Any]]:
    """Return what the chart shows, asked of the snapshot and not of the cache."""
    query = {
        "columns": ["country_code"],
        "metrics": [METRIC],
        "orderby": [[METRIC, False]],
        "row_limit": 100,
    }
    asked = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [query],
        "force": True,
        "result_format": "json",
        "result_type": "full",
    }
    rows: list[dict[str, Any]] = superset.ask("/chart/data", asked)["result"][0]["data"]
    return rows


def version(superset: Superset, database: int) -> str:
    """Return the version of the snapshot that Superset reads now, asked in SQL Lab."""
    asked = {"database_id": database, "sql": "select version from about.snapshot"}
    return str(superset.ask("/sqllab/execute/", asked)["data"][0]["version"])


def main(address: str, password_file: str) -> None:
    """Make what is missing, and print what the chart shows."""
    superset = Superset(address, Path(password_file).read_text(encoding="utf-8").strip())
    database = superset.found("database", "database_name", DATABASE)
    if database is None:
        raise SystemExit(f"Superset has no database {DATABASE}: docs/superset/start registers it")
    dataset = dataset_of(superset, database)
    chart = chart_of(superset, dataset)
    shown = {
        "chart": f"{address.rstrip('/')}/explore/?slice_id={chart}",
        "version": version(superset, database),
        "figures": figures(superset, dataset),
    }
    sys.stdout.write(json.dumps(shown, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])

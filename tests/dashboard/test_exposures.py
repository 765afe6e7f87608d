"""Every figure on a page can be traced by the command that its help names."""

import re
from pathlib import Path

import pytest
import yaml
from sqlglot import exp, parse_one

from orchestration.dashboard import pages
from orchestration.dashboard.layout import origin
from orchestration.dashboard.query_files import dashboard_queries
from orchestration.lineage.pipeline_graph import pipeline_graph
from orchestration.publishing.published import current_snapshot
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

EXPOSURES = PROJECT_DIR / "dbt_project" / "models" / "marts" / "_marts__exposures.yml"
# A section of docs/bi.md, and the exposure that stands for it in lineage.
CLIENTS = {
    "DuckDB, Python": "notebooks",
    "DuckDB, command line": "duckdb_command_line",
    "pandas": "notebooks",
    "Polars": "notebooks",
    "SQLAlchemy": "sqlalchemy_applications",
    "ADBC": "adbc_applications",
    "Apache Superset": "superset",
    "Parquet": "parquet_files",
    "PostgreSQL": "postgresql",
    "Remote DuckDB clients (beta)": "remote_duckdb_clients",
}
PAGES = sorted({query.page for query in dashboard_queries()})
SOURCE = re.compile(r'source = "([a-z_]+\.[a-z_]+)"')
COLUMN = re.compile(
    r'"((?:overview|changes|growth|campaigns|pipeline|service|data_health)\.[a-z_0-9]+\.[a-z_0-9]+)"'
)
OF_SOURCE = re.compile(r'f"\{source\}\.([a-z_0-9]+)"')


def figures_of_pages():
    for path in sorted(Path(pages.__path__[0]).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield from COLUMN.findall(text)
        found = SOURCE.search(text)
        if found:
            yield from (f"{found[1]}.{column}" for column in OF_SOURCE.findall(text))


@pytest.fixture(scope="module")
def graph(published_home):
    return pipeline_graph(PACKAGE_DIR / "sources", published_home / "dbt")


@pytest.mark.parametrize("page", PAGES)
def test_the_exposure_of_a_page_names_the_marts_its_queries_read(page):
    exposures = yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))["exposures"]
    (declared,) = [item for item in exposures if item["name"] == f"dashboard_{page}"]
    read = {
        f"ref('{table.name}')"
        for query in dashboard_queries()
        if query.page == page
        for table in parse_one(query.sql, dialect="duckdb").find_all(exp.Table)
        if table.db == "marts"
    }
    assert set(declared["depends_on"]) == read


def test_every_figure_leads_back_to_a_source(graph):
    figures = list(figures_of_pages())
    assert len(figures) > 20
    for figure in figures:
        walk = graph.walk(graph.find(f"exposure.{origin(figure)}"), "up")
        layers = {column.layer for column in walk.columns}
        about_the_run = figure.startswith("data_health.gates")
        assert "source" in layers or about_the_run, figure


def exposures():
    return {
        item["name"]: item
        for item in yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))["exposures"]
    }


@pytest.mark.parametrize("copy", ["postgresql", "parquet_files"])
def test_every_published_mart_leads_to_the_copies_of_the_snapshot(graph, published_home, copy):
    published = {table.table for table in current_snapshot(published_home / "serving").tables}
    shown = {name.column for name in graph.upstream if name[:2] == ("exposure", copy)}
    assert shown == published


def test_every_client_of_the_page_is_an_exposure():
    page = (PROJECT_DIR / "docs" / "bi.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (.+)$", page, re.M))
    assert set(CLIENTS) <= sections
    assert set(CLIENTS.values()) <= exposures().keys()
    pages = {name for name in exposures() if name.startswith("dashboard_")}
    assert exposures().keys() - pages == set(CLIENTS.values())

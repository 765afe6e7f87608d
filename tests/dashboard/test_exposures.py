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
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

EXPOSURES = PROJECT_DIR / "dbt_project" / "models" / "marts" / "_marts__exposures.yml"
PAGES = sorted({query.page for query in dashboard_queries()})
SOURCE = re.compile(r'source = "([a-z_]+\.[a-z_]+)"')
COLUMN = re.compile(
    r'"((?:overview|growth|campaigns|service|data_health)\.[a-z_0-9]+\.[a-z_0-9]+)"'
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

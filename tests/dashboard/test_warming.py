"""What the pages ask is asked once for every version, before anybody clicks."""

import duckdb
import pytest
import streamlit

from orchestration.dashboard import app_state
from orchestration.dashboard.query_files import dashboard_queries
from orchestration.dashboard.warming import warm


@pytest.fixture
def home(published_home, monkeypatch):
    monkeypatch.setenv("C360_HOME", str(published_home))
    yield published_home
    streamlit.cache_data.clear()
    streamlit.cache_resource.clear()


def test_answers_are_there_before_they_are_asked_for(home):
    version = warm(None)
    assert version == app_state.snapshot().version
    app_state.snapshot().connection.close()  # whatever is answered now was kept
    for query in dashboard_queries():
        if query.page != "customer":
            parameters = {"country": None} if "$country" in query.sql else {}
            assert app_state.answer(query.page, query.name, **parameters) is not None


def test_a_version_that_is_known_is_not_asked_again(home):
    version = warm(None)
    streamlit.cache_data.clear()
    app_state.snapshot().connection.close()
    assert warm(version) == version


def test_without_a_snapshot_it_waits(tmp_path, monkeypatch):
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    assert warm(None) is None


@pytest.mark.parametrize("problem", [FileNotFoundError("gone"), duckdb.IOException("gone")])
def test_a_version_that_goes_while_it_is_looked_at_does_not_end_warming(home, monkeypatch, problem):
    def gone():
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr(app_state, "snapshot", gone)
        assert warm(None) is None
        assert warm("before") == "before"
    asked = app_state.answer

    def gone_at_first(page, name, **parameters):
        if page == "overview":
            raise problem
        return asked(page, name, **parameters)

    monkeypatch.setattr(app_state, "answer", gone_at_first)
    assert warm("before") == app_state.snapshot().version

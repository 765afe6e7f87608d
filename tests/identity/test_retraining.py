"""The model is fitted anew on a schedule, and a new one that decides too differently is refused."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from orchestration.identity import pipeline
from orchestration.identity.pipeline import PairScores, score_pairs
from orchestration.identity.settings import RetrainingSettings, engine_settings
from tests.identity.people import crowd
from tests.identity.warehouses import fill_conformed

DAY = datetime.fromisoformat("2026-01-01")
PERIOD = timedelta(days=engine_settings().retraining.days)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse whose model was fitted on the first day."""
    with duckdb.connect() as connection:
        fill_conformed(connection, crowd(120))
        first = score_pairs(connection, as_of=DAY)
        assert first.changed_records is None
        yield connection


def comparisons(connection: duckdb.DuckDBPyConnection) -> list[tuple[datetime, bool]]:
    return connection.sql(
        "select compared_at, is_accepted from identity.model_comparisons order by compared_at"
    ).fetchall()


def scored_after(connection: duckdb.DuckDBPyConnection, days: timedelta) -> PairScores:
    return score_pairs(connection, as_of=DAY + days)


def test_a_model_stays_until_its_time_is_over(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert scored_after(warehouse, PERIOD - timedelta(days=1)).changed_records == 0
    assert comparisons(warehouse) == []
    again = scored_after(warehouse, PERIOD)
    assert again.changed_records is None
    assert again.model_change == 0
    assert comparisons(warehouse) == [(DAY + PERIOD, True)]
    assert scored_after(warehouse, PERIOD + timedelta(days=1)).changed_records == 0


def test_a_model_that_changes_too_much_is_refused_and_the_old_one_stays(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = warehouse.sql("select * from identity.scored_edges order by all").fetchall()
    version = warehouse.sql("select model_version from identity.model_in_use").fetchall()
    strict = RetrainingSettings(days=engine_settings().retraining.days, most_changed=-1.0)
    settings = engine_settings().model_copy(update={"retraining": strict})
    monkeypatch.setattr(pipeline, "engine_settings", lambda: settings)
    warehouse.execute("update identity.model_in_use set settings = ?", [settings.model_dump_json()])
    refused = scored_after(warehouse, PERIOD)
    assert refused.is_model_refused
    assert refused.changed_records == 0
    assert comparisons(warehouse) == [(DAY + PERIOD, False)]
    assert warehouse.sql("select * from identity.scored_edges order by all").fetchall() == before
    assert warehouse.sql("select model_version from identity.model_in_use").fetchall() == version
    assert not scored_after(warehouse, PERIOD + timedelta(days=1)).is_model_refused


def test_a_model_is_not_accepted_without_its_comparison(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "write_comparison", killed)
        with pytest.raises(KeyboardInterrupt):
            scored_after(warehouse, PERIOD)
    assert warehouse.sql("select fitted_at from identity.models").fetchall() == [(DAY,)]
    assert scored_after(warehouse, PERIOD).changed_records is None
    assert comparisons(warehouse) == [(DAY + PERIOD, True)]


def test_records_that_are_gone_are_no_change_of_the_model(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fill_conformed(warehouse, crowd(120)[:-40])
    fitted = scored_after(warehouse, timedelta(days=1))
    assert fitted.changed_records is None
    assert fitted.model_change is not None
    assert fitted.model_change < 0.05

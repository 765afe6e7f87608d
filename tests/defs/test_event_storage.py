"""The event log keeps its files open, and loses nothing by it."""

import sqlite3
import threading

import dagster as dg
import pytest

from orchestration.defs.event_storage import keep_event_log_open

MATERIALISATIONS = dg.EventRecordsFilter(dg.DagsterEventType.ASSET_MATERIALIZATION)


@pytest.fixture
def opened(monkeypatch):
    """Count how often a database file is opened."""
    keep_event_log_open()
    files: list[str] = []
    connect = sqlite3.connect

    def counted(name, *arguments, **options):
        files.append(str(name))
        return connect(name, *arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", counted)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", counted)
    return files


@dg.asset
def crowded(context):
    for number in range(30):
        context.log_event(dg.AssetMaterialization(["table", str(number)]))


def test_events_are_stored_through_few_connections_and_read_by_another_instance(tmp_path, opened):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert dg.materialize([crowded], instance=instance).success
        of_events = [name for name in opened if "history/runs/" in name]
        assert 0 < len(of_events) < 10
        with dg.DagsterInstance.local_temp(str(tmp_path)) as other:
            assert len(other.get_event_records(MATERIALISATIONS)) == 31


def test_threads_take_turns(tmp_path, opened):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        dg.materialize([crowded], instance=instance)
        counts = []
        readers = [
            threading.Thread(
                target=lambda: counts.append(len(instance.get_event_records(MATERIALISATIONS)))
            )
            for _ in range(8)
        ]
        for reader in readers:
            reader.start()
        assert dg.materialize([crowded], instance=instance).success
        for reader in readers:
            reader.join()
        assert len(counts) == 8
        assert len(instance.get_event_records(MATERIALISATIONS)) == 62

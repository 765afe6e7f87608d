"""The snapshot in a real PostgreSQL: the same figures, switched in at once, readable by a role."""

import os
import pwd
import socket
import subprocess
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
from adbc_driver_postgresql import dbapi

from orchestration.publishing.documentation import TableDocumentation
from orchestration.publishing.errors import TargetError
from orchestration.publishing.postgres_delivery import deliver, load_with_retries
from orchestration.publishing.postgres_target import load_snapshot
from orchestration.publishing.target_report import read_target_reports
from tests.publishing.conftest import AS_OF, build_marts
from tests.support.postgres import postgres_server
from tests.support.services import need

KNOWN = {
    "customer_360": TableDocumentation(
        "One row per customer's life", {"customer_id": "Opaque"}, ("customer_id",)
    ),
    "customer_timeline": TableDocumentation(key=("interaction_id",)),
}
RICH = """
    alter table marts.customer_360 add column revenue_usd decimal(18, 2);
    alter table marts.customer_360 add column born date;
    alter table marts.customer_360 add column is_known boolean;
    alter table marts.customer_360 add column display_name varchar;
    update marts.customer_360 set
        revenue_usd = generation * 10.25, born = date '1980-01-31', is_known = true,
        display_name = 'نور ' || chr(0) || customer_id
    where customer_id <> (select min(customer_id) from marts.customer_360);
"""


@pytest.fixture(scope="module")
def server():
    with postgres_server() as address:
        yield address


@pytest.fixture
def database(server):
    name = f"bi_{uuid4().hex[:8]}"
    with dbapi.connect(server, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f"create database {name}")
    start, _, options = server.partition("?")
    return f"{start.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def rows(address, query):
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.fixture
def snapshot(publish_marts, warehouse):
    with warehouse.connect() as connection:
        connection.execute(RICH)
    return publish_marts(1, documentation=KNOWN)


def test_every_table_holds_what_the_snapshot_holds(database, snapshot):
    load = load_snapshot(snapshot.path, database)
    assert (load.version, load.is_new, load.rows) == (snapshot.version, True, 201)

    query = (
        "select count(*), count(born), cast(sum(revenue_usd) as varchar), max(born) "
        "from {}.customer_360"
    )
    with duckdb.connect(str(snapshot.path), read_only=True) as source:
        expected = source.execute(query.format("marts")).fetchall()
    assert rows(database, query.format("customer_360")) == expected
    assert rows(database, "select version, as_of from customer_360.snapshot") == [
        (snapshot.version, AS_OF)
    ]


def test_types_keys_and_descriptions_are_carried_over(database, snapshot):
    load_snapshot(snapshot.path, database)
    types = dict(
        rows(
            database,
            "select column_name::text, data_type::text from information_schema.columns "
            "where table_schema = 'customer_360' and table_name = 'customer_360'",
        )
    )
    assert types == {
        "customer_id": "text",
        "generation": "integer",
        "revenue_usd": "numeric",
        "born": "date",
        "is_known": "boolean",
        "display_name": "text",
    }
    keys = (
        "select conrelid::regclass::text from pg_constraint "
        "where contype = 'p' and connamespace = 'customer_360'::regnamespace order by 1"
    )
    assert [name for (name,) in rows(database, keys)] == [
        "customer_360.customer_360",
        "customer_360.customer_timeline",
    ]
    words = "select obj_description('customer_360.customer_360'::regclass)"
    assert rows(database, words) == [("One row per customer's life",)]
    words = "select col_description('customer_360.customer_360'::regclass, 1)"
    assert rows(database, words) == [("Opaque",)]


def test_a_role_may_read_and_not_write(database, snapshot):
    load_snapshot(snapshot.path, database)
    may = "select has_table_privilege('customer_360_reader', 'customer_360.customer_360', '{}')"
    assert rows(database, may.format("select")) == [(True,)]
    assert rows(database, may.format("insert, update, delete")) == [(False,)]


def test_the_same_version_is_not_loaded_twice(database, snapshot):
    load_snapshot(snapshot.path, database)
    assert not load_snapshot(snapshot.path, database).is_new


def test_readers_never_see_two_versions_nor_none(database, publish_marts, warehouse):
    load_snapshot(publish_marts(1).path, database)
    seen, done = [], threading.Event()
    query = (
        "select (select distinct generation from customer_360.customer_360), "
        "(select distinct generation from customer_360.customer_timeline)"
    )

    def read_on():
        while not done.is_set():
            seen.extend(rows(database, query))

    reader = threading.Thread(target=read_on)
    reader.start()
    for run in (2, 3):
        build_marts(warehouse, run)
        load_snapshot(publish_marts(run, as_of=AS_OF + timedelta(days=run)).path, database)
    done.set()
    reader.join()
    assert seen
    assert all(customers == timeline for customers, timeline in seen)
    assert rows(database, query) == [(3, 3)]


def test_a_transaction_at_work_finishes_on_the_version_it_began_with(
    database, publish_marts, warehouse
):
    load_snapshot(publish_marts(1).path, database)
    with dbapi.connect(database) as reader, reader.cursor() as cursor:
        cursor.execute("begin isolation level repeatable read")
        cursor.execute("select count(*) from customer_360.customer_360 where generation = 1")
        cursor.fetchall()
        build_marts(warehouse, 2)
        load_snapshot(publish_marts(2).path, database)
    assert rows(database, "select distinct generation from customer_360.customer_360") == [(2,)]


def test_a_server_that_is_not_there_is_tried_again_and_then_reported(snapshot):
    waits = []
    nowhere = "postgresql://reader:secret@127.0.0.1:1/bi?connect_timeout=1"
    with pytest.raises(TargetError, match="cannot be reached") as failure:
        load_with_retries(snapshot.path, nowhere, wait=waits.append)
    assert waits == [2.0, 4.0]
    assert "secret" not in str(failure.value)


def test_a_server_that_is_too_slow_keeps_what_it_had(database, publish_marts, warehouse):
    load_snapshot(publish_marts(1).path, database)
    build_marts(warehouse, 2, 100_000)
    slow = database + ("&" if "?" in database else "?") + "options=-c%20statement_timeout%3D10"
    with pytest.raises(TargetError, match="too slow"):
        load_snapshot(publish_marts(2).path, slow)
    assert rows(database, "select distinct generation from customer_360.customer_360") == [(1,)]


def test_a_user_who_may_not_make_schemas_is_told(database, snapshot):
    with dbapi.connect(database, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("drop role if exists guest")
        cursor.execute("create role guest login password 'guest'")
    as_guest = database + ("&" if "?" in database else "?") + "options=-c%20role%3Dguest"
    with pytest.raises(TargetError, match="does not let the user"):
        load_snapshot(snapshot.path, as_guest)


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(snapshot):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = f"postgresql://reader@127.0.0.1:{port}/bi?connect_timeout=2"
        with pytest.raises(TargetError, match="does not answer|cannot be reached"):
            load_snapshot(snapshot.path, address)


@pytest.fixture
def small_disk(server):
    """A disk of a few megabytes, on which the server may keep tables."""
    need(os.geteuid() == 0, "only root may mount a small disk")
    with tempfile.TemporaryDirectory(prefix="c360") as name:
        folder = Path(name) / "disk"
        folder.mkdir()
        Path(name).chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
        owner = pwd.getpwnam("embedded_postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        with dbapi.connect(server, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(f"create tablespace small_disk location '{folder}'")
        yield "small_disk"
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_server_that_is_full_keeps_what_it_had(database, publish_marts, warehouse, small_disk):
    load_snapshot(publish_marts(1).path, database)
    build_marts(warehouse, 2, 100_000)
    options = f"options=-c%20default_tablespace%3D{small_disk}"
    full = database + ("&" if "?" in database else "?") + options
    with pytest.raises(TargetError, match="disk is full"):
        load_snapshot(publish_marts(2).path, full)
    assert rows(database, "select distinct generation from customer_360.customer_360") == [(1,)]


def test_what_came_of_a_delivery_is_kept_for_those_who_ask(database, publish_marts, tmp_path):
    snapshot = publish_marts(1)
    nowhere = "postgresql://reader:secret@127.0.0.1:1/bi?connect_timeout=1"
    failed = deliver(snapshot, nowhere, tmp_path, wait=lambda _: None)
    assert (failed.wanted, failed.held) == (snapshot.version, None)
    assert failed.problem == "PostgreSQL cannot be reached"
    assert read_target_reports(tmp_path) == (failed,)

    done = deliver(snapshot, database, tmp_path)
    assert (done.held, done.rows, done.problem) == (snapshot.version, 201, None)
    again = deliver(snapshot, nowhere, tmp_path, wait=lambda _: None)
    assert (again.held, again.problem) == (snapshot.version, "PostgreSQL cannot be reached")
    assert read_target_reports(tmp_path) == (again,)
    assert "secret" not in (tmp_path / "targets.json").read_text(encoding="utf-8")

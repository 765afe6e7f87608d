"""The clients of docs/bi.md, as the page says to use them, against a real snapshot."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing.errors import PublishingError
from orchestration.publishing.parquet_export import export_parquet
from orchestration.publishing.published import list_snapshots
from orchestration.publishing.quack_server import EXTENSIONS, extension_file, served
from orchestration.settings import PROJECT_DIR
from tests.support.services import need

PAGE = (PROJECT_DIR / "docs" / "bi.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
PYTHON = {
    title: code[1]
    for title, text in SECTIONS
    if (code := re.search(r"```python\n(.*?)```", text, re.S))
}
CHECKS = {
    "DuckDB, Python": "assert sum(row[1] for row in states) > 0",
    "pandas": "assert len(by_month) > 0",
    "A notebook": "assert chart.to_dict()['datasets']",
    "Polars": "assert by_country.height > 0",
    "SQLAlchemy": "assert buyers > 0",
    "ADBC": "assert campaigns.num_rows > 0",
}
TOKEN = "a token of this test"


def test_every_piece_of_python_on_the_page_is_tried():
    assert PYTHON.keys() == CHECKS.keys()


@pytest.mark.parametrize("client", CHECKS)
def test_a_client_reads_the_snapshot_as_the_page_says(published_home, tmp_path, client):
    (tmp_path / ".c360").symlink_to(published_home)
    code = f"{PYTHON[client]}\n{CHECKS[client]}\n"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_command_line_of_duckdb_reads_and_cannot_write(publish_marts):
    program = shutil.which("duckdb", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    need(program, "no duckdb program (pip install duckdb-cli)")
    path = str(publish_marts(1).path)
    asked = [str(program), "-readonly", "-csv", path]
    read = subprocess.run(
        [*asked, "select version from about.snapshot"], capture_output=True, text=True, check=True
    )
    assert read.stdout.split() == ["version", "2026-11-22-000001"]
    write = subprocess.run(
        [*asked, "delete from marts.customer_360"], capture_output=True, text=True, check=False
    )
    assert write.returncode != 0
    assert "read-only" in write.stderr


def test_parquet_files_hold_what_the_snapshot_holds(publish_marts, serving_dir, tmp_path):
    publish_marts(1)
    (snapshot,) = list_snapshots(serving_dir)
    done = export_parquet(snapshot, tmp_path / "files")
    assert (done.tables, done.is_new) == (2, True)
    assert (tmp_path / "files" / "latest").resolve() == done.folder
    for table in snapshot.tables:
        file = tmp_path / "files" / "latest" / f"{table.table}.parquet"
        assert duckdb.sql(f"select count(*) from '{file}'").fetchone() == (table.rows,)
    assert not export_parquet(snapshot, tmp_path / "files").is_new


def test_parquet_files_that_cannot_be_written_are_reported(publish_marts, serving_dir, tmp_path):
    publish_marts(1)
    (tmp_path / "occupied").write_text("a file", encoding="utf-8")
    with pytest.raises(PublishingError, match="cannot be written"):
        export_parquet(list_snapshots(serving_dir)[0], tmp_path / "occupied")


def ask(address, query, token=TOKEN):
    with duckdb.connect() as client:
        for name in EXTENSIONS:
            client.execute(f"load '{extension_file(name)}'")
        return client.execute(
            f"from quack_query('{address}', '{query}', token = '{token}', disable_ssl = true)"
        ).fetchall()


def test_a_remote_client_reads_and_can_do_nothing_else(publish_marts, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(publish_marts(1).path, host="127.0.0.1", port=port, token=TOKEN) as address:
        assert ask(address, "select count(*) from marts.customer_360") == [(50,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            ask(address, "delete from marts.customer_360")
        with pytest.raises(duckdb.Error):
            ask(address, f"select * from read_csv(''{tmp_path}/secret.csv'')")
        with pytest.raises(duckdb.Error):
            ask(address, "select 1", token="another token")

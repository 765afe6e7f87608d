"""The sensor sees every finished file that came in, however old its own time is."""

import os
import time
from pathlib import Path

import pytest

from orchestration.defs.automation import newest_delivery
from tests.landing.doorway import sales_contract

LONG_AGO = 1_000_000_000.0


def old_file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("sale_id\n", encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_an_old_file_that_is_moved_in_is_news(tmp_path: Path) -> None:
    before = time.time() - 1
    elsewhere = old_file(tmp_path / "elsewhere.csv")
    (tmp_path / "inbox").mkdir()
    elsewhere.rename(tmp_path / "inbox" / "sales.csv")
    assert newest_delivery(tmp_path / "inbox", []) > before


def test_a_file_behind_a_linked_folder_is_news_where_a_contract_leads_there(tmp_path: Path) -> None:
    old_file(tmp_path / "share" / "a.csv")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "sales").symlink_to(tmp_path / "share")
    assert newest_delivery(tmp_path / "inbox", []) == 0.0
    assert newest_delivery(tmp_path / "inbox", [sales_contract()]) > LONG_AGO


def test_unfinished_and_hidden_files_are_no_news(tmp_path: Path) -> None:
    for name in ("a.csv.part", "b.csv.PARTIAL", ".c.csv", "sales/~d.csv"):
        old_file(tmp_path / name)
    assert newest_delivery(tmp_path, [sales_contract()]) == 0.0


def test_a_file_that_is_taken_away_while_the_inbox_is_looked_through_is_no_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")
    old_file(tmp_path / "b.csv")
    monkeypatch.setattr(Path, "is_file", lambda _: True)  # as it was when it was listed
    assert newest_delivery(tmp_path, []) > LONG_AGO

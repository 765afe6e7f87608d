import sqlite3

import pandas as pd
import pytest

from tests.sample.delivered import column_of, contracts, files_of, read_file

FILED = {name: one for name, one in contracts().items() if "files" in one["location"]}


def all_files(home, name):
    return sorted((home / "inbox").glob(FILED[name]["location"]["files"]))


@pytest.mark.parametrize("name", sorted(FILED))
def test_every_table_comes_with_every_declared_column(sample_home, name):
    contract = FILED[name]
    files = files_of(sample_home / "inbox", contract)
    assert files, "nothing was delivered"
    frame = read_file(files[0], contract)
    for column, description in contract["columns"].items():
        values = column_of(frame, column, description)
        assert values.notna().any(), column
        if description.get("required"):
            assert (values.notna() & (values.astype(str) != "")).all(), column


@pytest.mark.parametrize("table", ["contacts", "accounts", "opportunities", "quotes"])
def test_the_crm_database_has_every_declared_column(sample_home, table):
    with sqlite3.connect(sample_home / "inbox" / "crm" / "crm.sqlite") as connection:
        frame = pd.read_sql(f"select * from {table}", connection)
    declared = contracts()[f"crm_{table}"]["columns"]
    assert set(declared) <= set(frame.columns)
    required = [name for name, one in declared.items() if one.get("required")]
    assert frame[required].notna().all().all()


@pytest.mark.parametrize("name", sorted(FILED))
def test_files_are_named_after_table_and_day(sample_home, name):
    days = {"2026-11-19", "2026-11-20", "2026-11-21"}
    for path in files_of(sample_home / "inbox", FILED[name]):
        table, _, day = path.stem.rpartition("_")
        assert table == FILED[name]["table"]
        assert day in days


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("pos_receipts", "cashier"),
        ("webshop_customers", "password_hash"),
        ("thirdparty_demographics", "religion"),
    ],
)
def test_some_exports_say_more_than_they_should(sample_home, name, column):
    contract = FILED[name]
    frame = read_file(files_of(sample_home / "inbox", contract)[0], contract)
    assert column in frame.columns
    assert column not in contract["columns"]


def test_till_receipts_are_latin_1_and_not_utf_8(sample_home):
    content = all_files(sample_home, "pos_receipts")[0].read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "José" in content.decode("latin-1")


def test_loyalty_members_are_utf_16_with_a_byte_order_mark(sample_home):
    content = all_files(sample_home, "loyalty_members")[0].read_bytes()
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert "محمد" in content.decode("utf-16")


def test_invoices_have_a_decimal_comma(sample_home):
    frame = read_file(all_files(sample_home, "billing_invoices")[0], FILED["billing_invoices"])
    assert frame["total_amount"].str.fullmatch(r"-?\d+,\d\d").all()


def test_a_day_holds_about_one_percent_of_the_history(sample_home):
    sizes = {"history": 0, "day": 0}
    for contract in FILED.values():
        if contract["delivery"] == "full":
            continue
        first, *later = files_of(sample_home / "inbox", contract)
        sizes["history"] += len(read_file(first, contract))
        sizes["day"] += sum(len(read_file(path, contract)) for path in later)
    assert 0.01 < sizes["day"] / sizes["history"] < 0.04  # two days of it


def test_full_deliveries_come_whole_each_time(sample_home):
    first, *later = files_of(sample_home / "inbox", FILED["webshop_products"])
    assert later
    keys = [set(read_file(path, FILED["webshop_products"])["product_id"]) for path in later]
    history = set(read_file(first, FILED["webshop_products"])["product_id"])
    assert all(found == history for found in keys)


def test_a_late_file_comes_with_the_next_day(sample_home):
    # Web events of day 2 arrived with day 3; the calls of day 3 are still under way.
    assert [path.stem[-10:] for path in all_files(sample_home, "web_events")] == [
        "2026-11-19",
        "2026-11-20",
        "2026-11-21",
    ]
    assert "2026-11-21" not in {path.stem[-10:] for path in all_files(sample_home, "support_calls")}


def test_a_repeated_file_has_the_same_bytes_under_another_name(sample_home):
    resent = sorted((sample_home / "inbox").rglob("*_resent.*"))
    assert len(resent) == 2
    for path in resent:
        original = path.with_name(path.name.replace("_resent", ""))
        assert original.read_bytes() == path.read_bytes()


def test_one_file_of_the_third_day_is_cut_in_its_last_line(sample_home):
    cut = [
        path
        for path in (sample_home / "inbox").rglob("*.jsonl")
        if not path.read_bytes().endswith(b"\n")
    ]
    assert len(cut) == 1
    assert cut[0].stem.endswith("2026-11-21")


def test_loyalty_changes_hold_updates_and_deletes_in_order_of_time(sample_home):
    contract = FILED["loyalty_members"]
    for path in files_of(sample_home / "inbox", contract):
        assert read_file(path, contract)["changed_at"].is_monotonic_increasing
    history = read_file(all_files(sample_home, "loyalty_members")[0], contract)
    assert set(history["change_type"]) == {"insert", "update", "delete"}

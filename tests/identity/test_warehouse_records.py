"""What the conformed layer holds comes to the engine as evidence only where it is some."""

import pyarrow as pa

from orchestration.identity.warehouse_records import shaped_records


def test_words_for_nothing_are_no_evidence() -> None:
    typed = {
        "source_record_id": ["crm:1", "crm:2", "crm:3"],
        "source_system": ["crm"] * 3,
        "national_id": ["NA", "UNKNOWN", "AB1234"],
        "email_raw": ["no.email@shop.com", "user@example.com", "ana@lee."],
    }
    found = shaped_records(pa.table(typed))
    assert found["national_id"].to_pylist() == [None, None, "AB1234"]
    assert found["email"].to_pylist() == [None, None, "ana@lee."]

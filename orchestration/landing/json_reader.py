"""Read JSON lines: the lines as text, then the declared paths out of each, parsed once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.landing.careful_csv import LONGEST_RECORD, physical_lines
from orchestration.landing.column_types import WHITE_SPACE
from orchestration.landing.contract import Contract
from orchestration.landing.reading import (
    RawColumns,
    RawRows,
    RuleName,
    count_lines,
    ends_with_newline,
)
from orchestration.landing.sql_text import identifier, json_path, literal

LINES = "json_lines"
BATCH_BYTES = 16_000_000
MOST_NAMES = 50
MOST_SHAPES = 10_000
NO_DELIMITER = (
    "\x01"  # a control character can't stand unescaped in JSON, so that a line is one field
)


@dataclass(frozen=True, slots=True)
class JsonReader:
    """One file of JSON lines, whose lines stand in LINES of the connection."""

    path: Path
    paths: tuple[str, ...]
    undeclared: tuple[str, ...]

    @property
    def rows(self) -> RawRows:
        """The lines, each parsed once into the list of its declared values."""
        shape = literal(json.dumps(_shape(self.paths)))
        parsed = f"case when _rule is null then json_transform(_text, {shape}) end"
        names = tuple(
            ".".join(["parsed", *(identifier(step) for step in path.split("."))])
            for path in self.paths
        )
        return RawRows(
            relation=f"(select {parsed} as parsed, _rule, _text, _line from {LINES})",
            columns=RawColumns(names, ("VARCHAR",) * len(names)),
            rule="_rule",
            whole="_text",
            line="_line",
        )

    def tells_lines_of(self, rows: int) -> bool:
        """Say whether no line is empty."""
        return rows == count_lines(self.path)

    def rows_line_by_line(self, connection: duckdb.DuckDBPyConnection) -> RawRows:
        """Read the lines again, with those that are no text and the true number of each."""
        _load_carefully(connection, self.path, self.paths)
        return self.rows


def open_json_lines(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> JsonReader:
    """Bring the lines of a plain UTF-8 file into LINES and return their reader."""
    paths = tuple(contract.physical_name(name) for name in contract.columns)
    try:
        _load(connection, path, paths)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        _load_carefully(connection, path, paths)
    return JsonReader(path, paths, _undeclared(connection, paths))


def _load(connection: duckdb.DuckDBPyConnection, path: Path, paths: tuple[str, ...]) -> None:
    source = (
        f"read_csv({literal(str(path))}, columns = {{'_text': 'VARCHAR'}}, auto_detect = false, "
        f"header = false, delim = {literal(NO_DELIMITER)}, quote = '', escape = '', "
        "encoding = 'utf-8', compression = 'none')"
    )
    connection.execute(
        f"create or replace temp table json_texts as select _text, {_broken(paths)} as _rule "
        f"from {source} where trim(_text, {WHITE_SPACE}) <> ''"
    )
    _mark_a_cut_end(connection, path)
    connection.execute(
        f"create or replace temp view {LINES} as "
        "select rowid + 1 as _line, _rule, _text from json_texts"
    )


def _load_carefully(
    connection: duckdb.DuckDBPyConnection, path: Path, paths: tuple[str, ...]
) -> None:
    """Fill LINES with the true number of every line, and with lines that are not text."""
    connection.execute(
        "create or replace temp table json_texts (_line bigint, _rule varchar, _text varchar)"
    )
    for batch in _line_batches(path):
        connection.register("careful_batch", batch)
        connection.execute(
            f"insert into json_texts select _line, coalesce(_rule, {_broken(paths)}), _text "
            "from careful_batch"
        )
        connection.unregister("careful_batch")
    _mark_a_cut_end(connection, path)
    connection.execute(
        f"create or replace temp view {LINES} as select _line, _rule, _text from json_texts"
    )


def _broken(paths: tuple[str, ...]) -> str:
    """Return the rule that a line breaks as a whole, in SQL; null for a line in order.

    What stands where an object is declared would be lost without a word if it were anything else.
    """
    inside = " or ".join(
        f"json_type(_text, {literal(json_path(parent))}) not in ('OBJECT', 'NULL')"
        for parent in _parents(paths)
        if parent
    )
    nested = f" when {inside} then {literal(RuleName.NOT_NESTED)}" if inside else ""
    return (
        "case when not json_valid(_text) or json_type(_text) <> 'OBJECT' "
        f"then {literal(RuleName.NOT_JSON)}{nested} end"
    )


def _mark_a_cut_end(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not ends_with_newline(path):
        connection.execute(
            "update json_texts set _rule = $cut "
            "where _rule is not null and rowid = (select max(rowid) from json_texts)",
            {"cut": RuleName.TRUNCATED},
        )


def _line_batches(path: Path) -> Iterator[pa.Table]:
    rows: list[tuple[int, str | None, str]] = []
    size = 0
    for number, content in physical_lines(path):
        if not content.strip():
            continue
        rows.append((number, *_judged(content)))
        size += len(content)
        if size > BATCH_BYTES:
            yield _as_table(rows)
            rows, size = [], 0
    yield _as_table(rows)


def _judged(content: bytes) -> tuple[str | None, str]:
    if len(content) > LONGEST_RECORD:
        return RuleName.TOO_LONG, content[:LONGEST_RECORD].decode("utf-8", "backslashreplace")
    try:
        return None, content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return RuleName.NOT_UTF8, content.decode("utf-8", "backslashreplace").rstrip("\r\n")


def _as_table(rows: list[tuple[int, str | None, str]]) -> pa.Table:
    return pa.table(
        {
            "_line": pa.array((row[0] for row in rows), pa.int64()),
            "_rule": pa.array((row[1] for row in rows), pa.string()),
            "_text": pa.array((row[2] for row in rows), pa.string()),
        }
    )


def _undeclared(connection: duckdb.DuckDBPyConnection, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the dotted names of what was delivered beside the declared paths."""
    steps = [path.split(".") for path in paths]
    known = {".".join(step[: depth + 1]) for step in steps for depth in range(len(step))}
    parents = _parents(paths)
    places = ", ".join(literal(json_path(parent) if parent else "$") for parent in parents)
    found = connection.execute(
        f"select distinct json_keys(_text, [{places}]) from {LINES} "
        f"where _rule is null limit {MOST_SHAPES}"
    ).fetchall()
    names = {
        f"{parent}.{key}" if parent else key
        for (keys_of_parents,) in found
        for parent, keys in zip(parents, keys_of_parents, strict=True)
        for key in keys or ()
    }
    return tuple(sorted(names - known))[:MOST_NAMES]


def _parents(paths: tuple[str, ...]) -> list[str]:
    """Return the paths of the objects that hold the declared values, the whole line first."""
    steps = [path.split(".") for path in paths]
    return sorted({".".join(step[:depth]) for step in steps for depth in range(len(step))})


def _shape(paths: tuple[str, ...]) -> dict[str, Any]:
    """Return the nested objects that hold the paths, in the form DuckDB parses lines to."""
    shape: dict[str, Any] = {}
    for path in paths:
        *parents, name = path.split(".")
        place = shape
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = "VARCHAR"
    return shape

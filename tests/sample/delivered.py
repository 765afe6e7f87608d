"""Read what the sample delivered, the way a reader of the contracts would, into DuckDB tables."""

import io
import json
import sqlite3
from pathlib import Path

import duckdb
import pandas as pd
import yaml

from orchestration.settings import PACKAGE_DIR

RATES = {
    "KES": 129, "TZS": 2600, "VND": 25400, "UZS": 12600, "AED": 3.6725, "SAR": 3.75, "KWD": 0.307,
    "QAR": 3.64, "OMR": 0.3845,
}  # fmt: skip


def contracts():
    """Return every contract by `<source>_<table>`."""
    found = {}
    for path in sorted((PACKAGE_DIR / "sources").glob("*/*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[f"{data['source']}_{data['table']}"] = data
    return found


def files_of(inbox: Path, contract) -> list[Path]:
    """Return the files of a table by name, without those that came twice."""
    return sorted(
        path for path in inbox.glob(contract["location"]["files"]) if "_resent" not in path.name
    )


def read_file(path: Path, contract) -> pd.DataFrame:
    """Return a file as text, and Parquet as typed, with every column it holds."""
    layout = contract["format"]
    if layout["type"] == "parquet":
        return pd.read_parquet(path)
    if layout["type"] == "jsonl":
        # A file that was cut ends in the middle of a line: without a line break.
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
        return pd.DataFrame([json.loads(line) for line in lines])
    text = path.read_text(encoding=layout["encoding"])
    delimiter = layout["delimiter"].replace("\\t", "\t")
    return pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False)


def column_of(frame: pd.DataFrame, name: str, description) -> pd.Series:
    """Return a declared column of a file, out of its nest."""
    steps = description.get("path", name).split(".")
    values = frame[steps[0]]
    for step in steps[1:]:
        values = values.map(lambda nest, step=step: nest[step])
    return values


def read_table(inbox: Path, contract) -> pd.DataFrame:
    """Return all that was delivered of a table, in the order it came, declared columns only."""
    if "database" in contract["location"]:
        with sqlite3.connect(inbox / "crm" / "crm.sqlite") as connection:
            return pd.read_sql(f"select * from {contract['table']}", connection)
    frames = []
    for path in files_of(inbox, contract):
        frame = read_file(path, contract)
        columns = {
            name: column_of(frame, name, description)
            for name, description in contract["columns"].items()
        }
        frames.append(pd.DataFrame(columns).assign(_file=path.name))
    return pd.concat([frame.astype(object) for frame in frames], ignore_index=True)


def database(home: Path) -> duckdb.DuckDBPyConnection:
    """Return a database with a table for each contract, the latest row of each key, and the truth.

    Numbers and moments of text files are typed; empty text is null.
    """
    connection = duckdb.connect()
    for name, contract in contracts().items():
        frame = read_table(home / "inbox", contract)
        frame["_row"] = range(len(frame))
        connection.register("frame", frame)
        casts = ", ".join(
            f"{_cast(column, description, contract)} as {column}"
            for column, description in contract["columns"].items()
        )
        key = ", ".join(contract["key"])
        connection.execute(
            f"create table {name} as select {casts}, _row from frame "
            f"qualify row_number() over (partition by {key} order by _row desc) = 1"
        )
        connection.unregister("frame")
    for path in (home / "truth").glob("*.parquet"):
        connection.execute(f"create table truth_{path.stem} as from '{path}'")
    return connection


def count(duka: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return how many rows a query has."""
    return duka.execute(f"select count(*) from ({query})").fetchone()[0]


def _cast(column: str, description, contract) -> str:
    kind = {"text": "varchar", "integer": "bigint"}.get(description["type"], description["type"])
    text = f"nullif(cast({column} as varchar), '')"
    layout = description.get("format")
    if layout and kind in ("date", "timestamp"):
        return f"cast(try_strptime({text}, '{layout}') as {kind})"
    if kind.startswith("decimal") and contract.get("format", {}).get("decimal") == ",":
        text = f"replace({text}, ',', '.')"
    return text if kind == "varchar" else f"cast({text} as {kind})"

"""Build the models of the warehouse as dbt compiled them, without the time that dbt takes.

dbt builds a home once, in a process of its own (`python -m orchestration.bench.compiled_models`),
and leaves the SQL of every table and every test, of an incremental one that for a build from
nothing. Day after day that SQL is run again. Python models are left out with what hangs on them.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.measured import measure
from orchestration.identity.normalise.registration import register_normalisers
from orchestration.landing.sql_text import identifier
from orchestration.sentiment.registration import register_sentiment
from orchestration.settings import Settings

PLAIN_TESTS = ("not_null", "unique", "accepted_values")


@dataclass(frozen=True, slots=True)
class CompiledNode:
    """A table to build, or (without a materialisation) a test; views stay as they are."""

    layer: str
    name: str
    sql: str
    materialised: str
    stops: bool = False
    fails_if: str = ""
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A test of dbt that found rows, with the table it is about."""

    place: str
    name: str
    stops: bool
    is_plain: bool


def compiled_nodes(
    home: Path, environment: Mapping[str, str], *selection: str
) -> tuple[CompiledNode, ...]:
    """Let dbt build and test a selection of models in a home, and return what it compiled."""
    command = [sys.executable, "-m", "orchestration.bench.compiled_models", *selection]
    found = measure(command, {**environment, "C360_HOME": str(home)}).printed
    return tuple(CompiledNode(**each) for each in found["nodes"])


def build_again(
    connection: duckdb.DuckDBPyConnection, nodes: Sequence[CompiledNode]
) -> list[FailedTest]:
    """Build the tables again, in their order, and return the tests that fail."""
    known = "select 1 from duckdb_functions() where function_name = 'normalise_email'"
    if not connection.execute(known).fetchall():  # a file that is held open remembers them
        register_normalisers(connection)
        register_sentiment(connection)
    failed: list[FailedTest] = []
    for node in nodes:
        if node.materialised == "table":
            table = f"{identifier(node.layer)}.{identifier(node.name)}"
            connection.execute(f"create or replace table {table} as {node.sql}")
        elif not node.materialised:
            counted = connection.execute(
                f"select count(*), count(*) {node.fails_if} from ({node.sql}) as failures"
            ).fetchall()[0]
            if counted[1]:
                place = f"{node.layer}.{node.name.partition('|')[2]}"
                failed.append(FailedTest(place, node.name, node.stops, node.is_plain))
    return failed


def main() -> None:
    """Build with dbt, and print what it compiled as one JSON object."""
    from dbt.cli.main import dbtRunner  # local: seconds to import

    settings = Settings()
    target = settings.home_dir / "dbt"
    project = str(settings.dbt_project_dir)
    done = dbtRunner().invoke(
        ["--quiet", "--no-use-colors", "build", "--full-refresh", *sys.argv[1:]]
        + ["--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"]
        + ["--project-dir", project, "--profiles-dir", project]
        + ["--target-path", str(target), "--log-path", str(target)]
    )
    if not done.success:
        raise SystemExit(1)
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    nodes = [asdict(node) for node in _nodes(results, manifest)]
    sys.stdout.write(json.dumps({"nodes": nodes}) + "\n")


def _nodes(
    results: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any]
) -> Iterator[CompiledNode]:
    """Yield the nodes in the order in which dbt has built them, which is one that works."""
    left_out: set[str] = set()
    for result in results:
        unique_id = result["unique_id"]
        node = manifest.get(unique_id)
        if node is None or node["resource_type"] == "seed":
            continue
        kind = node["config"].get("materialized", "")
        parents = set(node["depends_on"]["nodes"])
        if node.get("language") == "python" or parents & left_out:
            left_out.add(unique_id)
        elif node["resource_type"] == "model":
            made = "table" if kind == "incremental" else kind
            yield CompiledNode(node["schema"], node["name"], result["compiled_code"], made)
        elif node["resource_type"] == "test":
            about = manifest.get(node.get("attached_node") or "") or _parent(node, manifest)
            tested = (node.get("test_metadata") or {}).get("name", "")
            yield CompiledNode(
                layer=about["schema"] if about else "conformed",
                name=f"{node['name']}|{about['name'] if about else ''}",
                sql=result["compiled_code"],
                materialised="",
                stops=node["config"]["severity"].lower() == "error",
                fails_if=node["config"]["error_if"],
                is_plain=tested in PLAIN_TESTS,
            )


def _parent(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((manifest[each] for each in node["depends_on"]["nodes"] if each in manifest), None)


if __name__ == "__main__":
    main()

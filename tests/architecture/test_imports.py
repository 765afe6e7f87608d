"""Rules of layering that the linter cannot express: who may import what."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "orchestration"
SINGLE_IMPORTERS = {
    "dagster": ("defs/", "definitions.py", "cli/"),
    "dagster_dbt": ("defs/",),
    "great_expectations": ("gates/",),
    # Its own classes are measured beside ours, in a program that nothing imports.
    "recordlinkage": ("identity/recordlinkage_adapter.py", "bench/stock_recordlinkage.py"),
}


def imported_packages(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    froms = {
        node.module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    return names | froms


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("package", SINGLE_IMPORTERS)
def test_only_the_named_places_import_the_package(package):
    allowed = SINGLE_IMPORTERS[package]
    importers = [
        str(module.relative_to(PACKAGE))
        for module in modules()
        if package in imported_packages(module)
    ]
    assert [name for name in importers if not name.startswith(allowed)] == []
    assert importers, f"nothing imports {package}: the rule has lost its object"


def test_only_settings_reads_environment_variables():
    readers = [
        str(module.relative_to(PACKAGE))
        for module in modules()
        if {"environ", "getenv"}
        & {
            node.attr
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
        }
    ]
    # The command line and dlt need variables set for them; a contract names its secrets.
    assert set(readers) <= {
        "cli/bench_gates.py",
        "cli/bench_home.py",
        "cli/bench_over_time.py",
        "cli/bench_identity.py",
        "cli/bench_story.py",
        "cli/environment.py",
        "landing/extracts.py",
        "landing/placeholders.py",
    }


def test_domain_packages_print_nothing():
    printers = [
        str(module.relative_to(PACKAGE))
        for module in modules()
        if not str(module.relative_to(PACKAGE)).startswith("cli/")
        and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        )
    ]
    assert printers == []


def test_modules_stay_small():
    long = {
        str(module.relative_to(PACKAGE)): lines
        for module in modules()
        if (lines := len(module.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}

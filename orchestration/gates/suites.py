"""Read the suites, one per gated table: `<folder>/<layer>/<table>.json`.

The files are GX's own JSON and run unchanged in GX elsewhere. What this project asks of them beyond
that (an owner, a severity and a reason for every expectation) is checked here, without importing
GX: the code location must load fast.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from orchestration.gates.errors import GateConfigurationError
from orchestration.gates.measure_families import FLOORS
from orchestration.warehouse import LAYERS

Severity = Literal["critical", "warning", "info"]
MOST_TOLERATED = 0.2  # more bad rows than that are a bad day, not bad rows
SUITE_TEXTS = ("owner", "description", "what_to_do")
FIGURE_TEXTS = ("name", "family", "sql")
NAMED_TABLE = re.compile(rf"\b(?:{'|'.join(LAYERS)})\.\w+")


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations about one table, with who owns them and what to do when one fails."""

    layer: str
    table: str
    path: Path
    name: str
    owner: str
    description: str
    what_to_do: str
    key: tuple[str, ...]
    expectations: tuple[Mapping[str, Any], ...] = field(repr=False)
    tolerance: float = 0.0
    figures: tuple[Mapping[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Name of the gated table in messages."""
        return f"{self.layer}.{self.table}"

    @property
    def version(self) -> str:
        """Return a hash of what the suite asks: results of different versions are not compared."""
        asked = json.dumps(
            [self.key, self.tolerance, self.expectations, self.figures],
            sort_keys=True,
            ensure_ascii=False,
        )
        return hashlib.sha256(asked.encode()).hexdigest()[:16]

    def reason_of(self, position: int) -> str:
        """Return why the expectation at a position exists."""
        return str(self.expectations[position]["meta"]["why"])


def load_suites(folders: Sequence[Path]) -> tuple[Suite, ...]:
    """Read every suite of the folders, sorted by path; later folders replace the same path.

    Raises:
        GateConfigurationError: at least one file is not well formed; the error lists every problem
        of every file.
    """
    paths: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/*.json")):
            paths[f"{path.parent.name}/{path.name}"] = path
    suites: list[Suite] = []
    problems: list[str] = []
    for place in sorted(paths):
        try:
            suites.append(read_suite(paths[place]))
        except GateConfigurationError as error:
            problems.extend(error.problems)
    if problems:
        raise GateConfigurationError(tuple(problems))
    return tuple(suites)


def read_suite(path: Path) -> Suite:
    """Read one suite; its folder and file name are its layer and table.

    Raises:
        GateConfigurationError: the file is not a well-formed suite.
    """
    place = f"{path.parent.name}/{path.name}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise GateConfigurationError((f"{place}: is not UTF-8",)) from None
    except json.JSONDecodeError as error:
        message = f"{place}: line {error.lineno}, column {error.colno}: {error.msg}"
        raise GateConfigurationError((message,)) from None
    problems = tuple(f"{place}: {problem}" for problem in _problems_of_suite(content, path))
    if problems:
        raise GateConfigurationError(problems)
    meta = content["meta"]
    return Suite(
        layer=path.parent.name,
        table=path.stem,
        path=path,
        name=content["name"],
        owner=meta["owner"],
        description=meta["description"],
        what_to_do=meta["what_to_do"],
        key=tuple(meta.get("key", ())),
        expectations=tuple(content["expectations"]),
        tolerance=float(meta.get("tolerance", 0.0)),
        figures=tuple(meta.get("figures", ())),
    )


@cache
def known_expectation_types() -> frozenset[str]:
    """Return the types that the installed GX brings, from its folder: importing it takes long."""
    spec = find_spec("great_expectations")
    if spec is None or spec.origin is None:
        raise GateConfigurationError(("great_expectations is not installed",))
    folder = Path(spec.origin).parent / "expectations" / "core"
    return frozenset(
        path.stem
        for path in folder.glob("*.py")
        if path.stem.startswith(("expect_", "unexpected_rows_expectation"))
    )


def _problems_of_suite(content: object, path: Path) -> Iterator[str]:
    layer, table = path.parent.name, path.stem
    if layer not in LAYERS:
        yield f"the folder {layer} is not a layer; layers are {', '.join(LAYERS)}"
    if not isinstance(content, dict):
        yield "is not a JSON object"
        return
    if content.get("name") != f"{layer}.{table}":
        yield f"name: must be {layer}.{table}, as the place of the file says"
    yield from _problems_of_meta(content.get("meta"))
    expectations = content.get("expectations")
    if not isinstance(expectations, list) or not expectations:
        yield "expectations: must be a list with at least one expectation"
        return
    for position, expectation in enumerate(expectations):
        yield from _problems_of_expectation(expectation, f"expectations[{position}]")


def _problems_of_meta(meta: object) -> Iterator[str]:
    if not isinstance(meta, dict):
        yield f"meta: is missing; it holds {', '.join(SUITE_TEXTS)}"
        return
    for name in SUITE_TEXTS:
        if not _is_text(meta.get(name)):
            yield f"meta.{name}: is missing"
    key = meta.get("key", [])
    if not isinstance(key, list) or not all(_is_text(column) for column in key):
        yield "meta.key: must be a list of column names"
    tolerance = meta.get("tolerance", 0.0)
    if not isinstance(tolerance, int | float) or not 0 <= tolerance <= MOST_TOLERATED:
        yield f"meta.tolerance: must be a share of 0 to {MOST_TOLERATED}"
    figures = meta.get("figures", [])
    for position, figure in enumerate(figures if isinstance(figures, list) else [None]):
        yield from _problems_of_figure(figure, f"meta.figures[{position}]")


def _problems_of_figure(figure: object, place: str) -> Iterator[str]:
    if not isinstance(figure, dict) or not all(_is_text(figure.get(name)) for name in FIGURE_TEXTS):
        yield f"{place}: holds {', '.join(FIGURE_TEXTS)}"
    elif figure["family"] not in FLOORS:
        yield f"{place}: family must be one of {', '.join(FLOORS)}"
    elif "needs" in figure and figure["needs"] not in NAMED_TABLE.findall(figure["sql"]):
        # A slip in it would leave the figure out for ever, and nobody would know.
        yield f"{place}: needs must be a table of a layer that its sql names"


def _problems_of_expectation(expectation: object, place: str) -> Iterator[str]:
    if not isinstance(expectation, dict):
        yield f"{place}: is not an object"
        return
    type_ = expectation.get("type")
    if type_ not in known_expectation_types():
        yield f"{place}: {type_!r} is not an expectation type of the installed GX"
    place = f"{place} ({type_})"
    if not isinstance(expectation.get("kwargs"), dict):
        yield f"{place}: kwargs is missing"
    if expectation.get("severity") not in get_args(Severity):
        yield f"{place}: severity must be one of {', '.join(get_args(Severity))}"
    meta = expectation.get("meta")
    if not isinstance(meta, dict) or not _is_text(meta.get("why")):
        yield f"{place}: meta.why is missing: say why the expectation exists"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())

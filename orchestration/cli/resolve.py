"""The verb `resolve`: the identity engine alone, on any person tables."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.resolve_dry_run import show_dry_run
from orchestration.cli.resolve_record import show_record
from orchestration.cli.terminal import print_json, say
from orchestration.identity import resolve as identity
from orchestration.identity.model_comparison import ModelComparison
from orchestration.identity.output_folder import refuse_no_folder
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.settings import engine_settings
from orchestration.identity.state.model_files import read_model_file


def resolve(  # noqa: PLR0913  one parameter per option
    spec: Annotated[
        Path | None, typer.Argument(help="YAML that names tables and the roles of columns.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to.")] = None,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what the next run would change in the warehouse.")
    ] = False,
    record: Annotated[
        str | None,
        typer.Option("--record", help="Say who one person is: JSON by role, or a file of it."),
    ] = None,
    settings_file: Annotated[
        Path | None,
        typer.Option("--settings", help="Settings of the engine to try in a dry run (YAML)."),
    ] = None,
    new_model: Annotated[
        bool, typer.Option("--new-model", help="Fit a new model in the dry run.")
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option(help="Decide by this kept model (model.duckdb, or its folder); fit none."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(help="Tell how far the decisions of this kept model would differ."),
    ] = None,
    judged: Annotated[
        Path | None,
        typer.Option(help="to_judge.csv with verdicts: correct probabilities by them."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find out which records of one or more tables are the same person.

    Reads SPEC and the tables it names (CSV, Parquet, DuckDB). Writes clusters.parquet (source,
    record_id, cluster_id), households.parquet (who lives together), edges.parquet (pairs, with the
    weight of each field), model.json (for people) and model.duckdb (for `--model`), report.html
    (what was found and why, in charts), to_judge.csv (pairs that `c360 estimate` reads once
    somebody has judged them; one with verdicts in it is never written over) and, with
    `--compare`, comparison.json into the folder. Needs no labels, no thresholds.

    With --dry-run: says which customers of the warehouse would merge, split or exchange records
    under other settings, judgements that wait, or a new model. With --record: says which customer
    one person is, as in {"given_name": "Amina", "email": "a@mail.org"}, by the roles of a spec.
    Both read the warehouse and write nothing.
    """
    of_a_spec = any(given is not None for given in (spec, out, model, compare, judged))
    if record is not None:
        others = is_dry_run or of_a_spec or settings_file is not None or new_model
        _refuse(others, "--record stands alone")
        show_record(record, as_json=as_json)
        return
    if is_dry_run:
        _refuse(of_a_spec, "a dry run takes --settings and --new-model, and nothing of a SPEC")
        show_dry_run(settings_file, new_model=new_model, as_json=as_json)
        return
    _refuse(settings_file is not None or new_model, "--settings, --new-model go with --dry-run")
    if spec is None or out is None:
        raise typer.BadParameter("give SPEC and --out, or --dry-run")
    _resolve_spec(spec, out, model, compare, judged, as_json=as_json)


def _refuse(is_wrong: bool, why: str) -> None:
    if is_wrong:
        raise typer.BadParameter(why)


def _resolve_spec(  # noqa: PLR0913  what the verb was given
    spec: Path,
    out: Path,
    model: Path | None,
    compare: Path | None,
    judged: Path | None,
    *,
    as_json: bool,
) -> None:
    console = Console(stderr=True, highlight=False)
    with exit_on_wrong_input(as_json):
        settings = engine_settings()
        refuse_no_folder(out)
        read = read_spec(spec, latest_year=datetime.now(UTC).year)
        with console.status("reading") as status:
            found = identity.resolve(
                read,
                settings,
                progress=status.update,
                model=None if model is None else read_model_file(model),
                compared=None if compare is None else read_model_file(compare),
                judged=judged,
            )
        summary = identity.write(found, settings, out)
    if as_json:
        print_json(asdict(summary))
        return
    if summary.candidate_pairs == 0 and summary.records > 1:
        say("No pair was compared: no column brings two records together, so each stays alone.")
    say(
        f"{summary.records:,} records are {summary.clusters:,} people; "
        f"the largest has {summary.largest_cluster} records.",
        f"{summary.candidate_pairs:,} pairs compared in {sum(summary.seconds.values()):.1f} s; "
        f"{summary.review_pairs:,} are worth a look.",
        f"Written to {out}: clusters.parquet, households.parquet, edges.parquet, model.json, "
        f"model.duckdb, report.html, {summary.pairs_to_judge}",
    )
    if summary.comparison is not None:
        say(*_compared(summary.comparison))


def _compared(found: ModelComparison) -> list[str]:
    """Return what a comparison says, in words."""
    lines = [
        f"Model {found.model_version} makes {found.links:,} links, {found.previous_version} "
        f"{found.previous_links:,}; {found.links_kept:,} are links of both, "
        f"{found.share_changed:.1%} are not.",
        f"Most changed is what {found.changed_level or 'nothing'} is worth: by "
        f"{found.largest_weight_change:.1f} bits.",
    ]
    for word, names in (
        ("compares", found.fields_added),
        ("no longer compares", found.fields_gone),
        ("blocks by", found.rules_added),
        ("no longer blocks by", found.rules_gone),
    ):
        lines += [f"It {word} {', '.join(names)}."] if names else []
    return lines

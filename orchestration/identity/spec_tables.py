"""Read the tables that a resolve spec names and bring them into the engine's shape of records."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.csv_as_text import CSV_AS_TEXT
from orchestration.identity.errors import RecordsError, SpecError
from orchestration.identity.normalise.addresses import (
    normalise_addresses,
    normalise_identifiers,
    normalise_postcodes,
)
from orchestration.identity.normalise.distinct import TextColumn, map_distinct, map_distinct_pairs
from orchestration.identity.normalise.email import comparable_email
from orchestration.identity.normalise.names import (
    generation_of,
    name_scripts,
    normalise_names,
    parse_full_names,
)
from orchestration.identity.normalise.phone import normalise_phone, phone_digits, region_of
from orchestration.identity.normalise.sex import recorded_sexes
from orchestration.identity.records import person_records
from orchestration.identity.resolve_spec import ResolveSpec, Role, SourceSpec
from orchestration.identity.role_values import role_values
from orchestration.identity.spec_birth_dates import birth_date_columns, refuse_unreadable_dates

ID_SEPARATOR = ":"
_SIMPLE: dict[str, Callable[[TextColumn], pa.Array]] = {
    "given_name": normalise_names,
    "middle_name": normalise_names,
    "family_name": normalise_names,
    "email": lambda column: map_distinct(column, comparable_email),
    "street": normalise_addresses,
    "unit": normalise_addresses,
    "city": normalise_addresses,
    "postcode": normalise_postcodes,
    "national_id": normalise_identifiers,
    "loyalty_id": normalise_identifiers,
    "sex": recorded_sexes,
}


def read_records(spec: ResolveSpec) -> pa.Table:
    """Return the records of all sources of a spec, normalised, one row each.

    Raises:
        SpecError: a file or a column is not there, or a file cannot be read.
        RecordsError: a record id is missing or occurs twice.
    """
    tables = [
        _source_records(spec, f"sources[{position}]", source)
        for position, source in enumerate(spec.sources)
    ]
    try:
        return person_records(pa.concat_tables(tables, promote_options="default"))
    except RecordsError as error:
        raise RecordsError(f"{spec.path.name}: record_id: {error}") from error


def _source_records(spec: ResolveSpec, key: str, source: SourceSpec) -> pa.Table:
    raw = _read(spec, key, source)
    _check_columns(spec, key, source, raw)
    _check_ids(spec, key, source, raw)
    found = normalised_records(spec, key, source, raw)
    refuse_unreadable_dates(spec, key, raw, source, found)
    return found


def normalised_records(spec: ResolveSpec, key: str, source: SourceSpec, raw: pa.Table) -> pa.Table:
    """Return the columns of person records that the columns of a source make, as text read.

    Raises:
        SpecError: the format of a date cannot be understood.
    """
    ids = raw[source.record_id]
    prefix = pa.scalar(source.name + ID_SEPARATOR)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "source_record_id": pc.binary_join_element_wise(prefix, ids, ""),
        "source_system": pa.array([source.name] * raw.num_rows, pa.string()),
    }
    countries = _countries(raw, source)
    for name, role in source.roles.items():
        values = role_values(raw, role)
        if name in _SIMPLE:
            columns[name] = _SIMPLE[name](values)
        elif name in ("phone", "secondary_phone"):
            columns[name] = _phones(values, countries, role)
        elif name == "region" and not _names_places(spec):
            columns["city"] = normalise_addresses(values)
    columns |= _full_names(raw, source, countries)
    columns |= birth_date_columns(spec, key, raw, source)
    columns["generation"] = _generations(raw, source)
    columns["name_script"] = _scripts(raw, source)
    return pa.table(columns)


def _names_places(spec: ResolveSpec) -> bool:
    """Tell whether a source says more of a place than its region, which then is no evidence."""
    return any({"city", "postcode"} & source.roles.keys() for source in spec.sources)


def _read(spec: ResolveSpec, key: str, source: SourceSpec) -> pa.Table:
    if not source.file.is_file():
        raise SpecError(spec.path.name, f"{key}.file", f"{source.file.name} is not there")
    connection = duckdb.connect()
    try:
        if source.file.suffix == ".parquet":
            relation = connection.read_parquet(str(source.file))
        elif source.file.suffix in (".duckdb", ".db"):
            relation = _attached(connection, spec, key, source)
        else:
            relation = connection.sql(f"select * from read_csv({_csv_options(source)})")
        names = [_quoted(name) for name in relation.columns]
        as_text = ", ".join(f"cast({name} as varchar) as {name}" for name in names)
        return relation.project(as_text).to_arrow_table()
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(f"{source.file.name} does not fit into memory") from error
    except duckdb.Error as error:
        problem = (
            f"{source.file.name} cannot be read ({type(error).__name__}): check its encoding, "
        )
        raise SpecError(spec.path.name, f"{key}.file", problem + "delimiter and format") from error
    finally:
        connection.close()


def _csv_options(source: SourceSpec) -> str:
    """Return the arguments of DuckDB's CSV reader; its Python function knows no encodings."""
    options = [_literal(str(source.file)), CSV_AS_TEXT]
    if source.delimiter:
        options.append(f"delim = {_literal(source.delimiter)}")
    if source.encoding:
        options.append(f"encoding = {_literal(source.encoding)}")
    return ", ".join(options)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _attached(
    connection: duckdb.DuckDBPyConnection, spec: ResolveSpec, key: str, source: SourceSpec
) -> duckdb.DuckDBPyRelation:
    if not source.table:
        raise SpecError(spec.path.name, f"{key}.table", "is needed for a DuckDB file")
    connection.execute(f"attach {_literal(str(source.file))} as people (read_only)")
    quoted = ".".join(_quoted(part) for part in source.table.split("."))
    return connection.sql(f"select * from people.{quoted}")


def _check_columns(spec: ResolveSpec, key: str, source: SourceSpec, raw: pa.Table) -> None:
    wanted = [("record_id", source.record_id)]
    wanted += [
        (f"roles.{name}", column) for name, role in source.roles.items() for column in role.columns
    ]
    for place, column in wanted:
        if column not in raw.column_names:
            problem = f"column {column!r} is not in {source.file.name}"
            raise SpecError(spec.path.name, f"{key}.{place}", problem)


def _check_ids(spec: ResolveSpec, key: str, source: SourceSpec, raw: pa.Table) -> None:
    ids = raw[source.record_id]
    without = ids.null_count + (pc.sum(pc.equal(ids, "")).as_py() or 0)
    if without:
        problem = f"{without} rows of {source.file.name} have no {source.record_id!r}"
        raise RecordsError(f"{spec.path.name}: {key}.record_id: {problem}")


def _countries(raw: pa.Table, source: SourceSpec) -> pa.Array:
    role = source.roles.get("country")
    if role is None:
        return pa.nulls(raw.num_rows, pa.string())
    return map_distinct(role_values(raw, role), region_of)


def _phones(values: pa.Array, countries: pa.Array, role: Role) -> pa.Array:
    if role.default_country:
        countries = countries.fill_null(role.default_country)
    return map_distinct_pairs(
        values,
        countries,
        lambda value, country: normalise_phone(value, country) or phone_digits(value),
    )


def _full_names(raw: pa.Table, source: SourceSpec, countries: pa.Array) -> dict[str, pa.Array]:
    """Return name parts from a full name, for parts that have no column of their own."""
    role = source.roles.get("full_name")
    if role is None:
        return {}
    parsed = parse_full_names(role_values(raw, role), countries)
    parts = ("given_name", "middle_name", "family_name")
    return {part: pc.struct_field(parsed, part) for part in parts if part not in source.roles}


def _generations(raw: pa.Table, source: SourceSpec) -> pa.Array:
    """Return the generation suffix, wherever in the name it was typed."""
    for name in ("full_name", "family_name", "given_name"):
        if name in source.roles:
            found = map_distinct(role_values(raw, source.roles[name]), generation_of)
            if found.null_count < len(found):
                return found
    return pa.nulls(raw.num_rows, pa.string())


def _scripts(raw: pa.Table, source: SourceSpec) -> pa.Array:
    """Return the script of the first part of the name that is not in Latin letters."""
    found = pa.nulls(raw.num_rows, pa.string())
    for name in ("given_name", "family_name", "full_name"):
        if name in source.roles:
            found = pc.coalesce(found, name_scripts(role_values(raw, source.roles[name])))
    return found

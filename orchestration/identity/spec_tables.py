"""Read the tables that a resolve spec names and bring them into the engine's shape of records."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.errors import SpecError
from orchestration.identity.normalise.addresses import normalise_addresses, normalise_postcodes
from orchestration.identity.normalise.dates import date_pattern, parse_birth_dates
from orchestration.identity.normalise.distinct import TextColumn, map_distinct, map_distinct_pairs
from orchestration.identity.normalise.email import comparable_email
from orchestration.identity.normalise.names import (
    generation_of,
    name_scripts,
    normalise_names,
    parse_full_names,
)
from orchestration.identity.normalise.phone import normalise_phone, phone_digits
from orchestration.identity.records import person_records
from orchestration.identity.resolve_spec import ResolveSpec, Role, SourceSpec

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
    "national_id": normalise_postcodes,
    "loyalty_id": normalise_postcodes,
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
    return person_records(pa.concat_tables(tables, promote_options="default"))


def _source_records(spec: ResolveSpec, key: str, source: SourceSpec) -> pa.Table:
    raw = _read(spec, key, source)
    _check_columns(spec, key, source, raw)
    return normalised_records(spec, key, source, raw)


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
        values = _role_values(raw, role)
        if name in _SIMPLE:
            columns[name] = _SIMPLE[name](values)
        elif name in ("phone", "secondary_phone"):
            columns[name] = _phones(values, countries, role)
        elif name == "sex":
            columns[name] = map_distinct(values, lambda value: value.strip().lower()[:1] or None)
    columns |= _full_names(raw, source, countries)
    columns |= _birth_dates(spec, key, raw, source)
    columns["generation"] = _generations(raw, source)
    columns["name_script"] = _scripts(raw, source)
    return pa.table(columns)


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
        names = ", ".join(f'cast("{name}" as varchar) as "{name}"' for name in relation.columns)
        return relation.project(names).to_arrow_table()
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
    options = [_literal(str(source.file)), "all_varchar = true", "header = true"]
    if source.delimiter:
        options.append(f"delim = {_literal(source.delimiter)}")
    if source.encoding:
        options.append(f"encoding = {_literal(source.encoding)}")
    return ", ".join(options)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _attached(
    connection: duckdb.DuckDBPyConnection, spec: ResolveSpec, key: str, source: SourceSpec
) -> duckdb.DuckDBPyRelation:
    if not source.table:
        raise SpecError(spec.path.name, f"{key}.table", "is needed for a DuckDB file")
    connection.execute(f"attach {_literal(str(source.file))} as people (read_only)")
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in source.table.split("."))
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


def _role_values(raw: pa.Table, role: Role) -> pa.Array:
    """Return the values of a role, joined from several columns and mapped where asked."""
    columns = [pc.utf8_trim_whitespace(raw[name].combine_chunks()) for name in role.columns]
    values = columns[0]
    if len(columns) > 1:
        # Arrow's own skipping of nulls loses the rows in which all are null.
        filled = [column.fill_null("") for column in columns]
        joined = pc.binary_join_element_wise(*filled, role.separator)
        values = pc.utf8_trim(joined, characters=role.separator + " ")
    if role.value_map is not None:
        known = role.value_map
        values = map_distinct(values, lambda value: known.get(value.lower()))
    return values


def _countries(raw: pa.Table, source: SourceSpec) -> pa.Array:
    role = source.roles.get("country")
    if role is None:
        return pa.nulls(raw.num_rows, pa.string())
    codes = map_distinct(_role_values(raw, role), lambda value: value.strip().upper())
    return pc.if_else(pc.equal(pc.utf8_length(codes), 2), codes, pa.scalar(None, pa.string()))


def _phones(values: pa.Array, countries: pa.Array, role: Role) -> pa.Array:
    if role.default_country:
        countries = countries.fill_null(role.default_country.upper())
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
    parsed = parse_full_names(_role_values(raw, role), countries)
    parts = ("given_name", "middle_name", "family_name")
    return {part: pc.struct_field(parsed, part) for part in parts if part not in source.roles}


def _birth_dates(
    spec: ResolveSpec, key: str, raw: pa.Table, source: SourceSpec
) -> dict[str, pa.Array]:
    role = source.roles.get("birth_date")
    if role is None:
        return {}
    date_format = role.date_format or "%Y-%m-%d"
    values = _role_values(raw, role)
    if role.date_columns:
        order = [part for part in ("year", "month", "day") if part in role.date_columns]
        zeros = {"year": "0000", "month": "0", "day": "0"}
        columns = [
            raw[role.date_columns[part]].combine_chunks().fill_null(zeros[part]) for part in order
        ]
        values = pc.binary_join_element_wise(*columns, "-")
        date_format = "-".join({"year": "%Y", "month": "%m", "day": "%d"}[part] for part in order)
    try:
        date_pattern(date_format)
    except ValueError as error:
        raise SpecError(spec.path.name, f"{key}.roles.birth_date.format", str(error)) from error
    parts = parse_birth_dates(values, date_format)
    return {f"birth_{part}": pc.struct_field(parts, part) for part in ("year", "month", "day")}


def _generations(raw: pa.Table, source: SourceSpec) -> pa.Array:
    """Return the generation suffix, wherever in the name it was typed."""
    for name in ("full_name", "family_name", "given_name"):
        if name in source.roles:
            found = map_distinct(_role_values(raw, source.roles[name]), generation_of)
            if found.null_count < len(found):
                return found
    return pa.nulls(raw.num_rows, pa.string())


def _scripts(raw: pa.Table, source: SourceSpec) -> pa.Array:
    """Return the script of the first part of the name that is not in Latin letters."""
    found = pa.nulls(raw.num_rows, pa.string())
    for name in ("given_name", "family_name", "full_name"):
        if name in source.roles:
            found = pc.coalesce(found, name_scripts(_role_values(raw, source.roles[name])))
    return found

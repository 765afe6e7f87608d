"""Register the normalisers as SQL functions on a DuckDB connection."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from duckdb.sqltypes import VARCHAR, DuckDBPyType

from orchestration.identity.normalise.addresses import normalise_addresses
from orchestration.identity.normalise.email import normalise_emails
from orchestration.identity.normalise.names import normalise_names, parse_full_names
from orchestration.identity.normalise.phone import normalise_phones

FULL_NAME_SQL_TYPE = "struct(given_name varchar, middle_name varchar, family_name varchar)"


def register_normalisers(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the functions `normalise_email`, `_phone`, `_name`, `_address`, `parse_full_name`.

    They work on whole Arrow vectors and answer null with null.
    """
    text: DuckDBPyType = VARCHAR
    full_name = duckdb.type(FULL_NAME_SQL_TYPE)
    functions: list[tuple[str, Callable[..., pa.Array], list[Any], DuckDBPyType]] = [
        ("normalise_email", normalise_emails, [text], text),
        ("normalise_phone", normalise_phones, [text, text], text),
        ("normalise_name", normalise_names, [text], text),
        ("normalise_address", normalise_addresses, [text], text),
        ("parse_full_name", parse_full_names, [text, text], full_name),
    ]
    for name, function, parameters, result in functions:
        connection.create_function(
            name,
            function,
            parameters,
            result,
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
            side_effects=False,
        )

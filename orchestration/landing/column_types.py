"""How a value of the delivery becomes a value of a contract's type, as SQL over a whole column.

Every expression is null where the value can't be read so; nothing is rounded, cut or guessed. The
expressions were measured on 1,000,000 values: they cost 20 to 70 milliseconds a column, where a
comparison through `decimal(38,10)` costs two seconds.
"""

from orchestration.landing.contract_parts import NUMBER_PATTERN, Column
from orchestration.landing.sql_text import literal

SQL_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
EPOCH_UNITS = {"epoch_seconds": 1_000_000, "epoch_milliseconds": 1_000}
FLOAT_NOISE, DOUBLE_NOISE = 1e-6, 1e-15
NEVER = "false"
WHITE_SPACE = "' ' || chr(9) || chr(10) || chr(13)"
DATE_AND_TIME = "'____-__-_____:__:__'"
DATE_AND_UTC_TIME = "'____-__-_____:__:__Z'"
DATE_ALONE = "'____-__-__'"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE")
READABLE_FAMILIES = {
    "integer": ("number",),
    "date": ("date", "timestamp"),
    "timestamp": ("date", "timestamp"),
    "boolean": ("boolean", "number"),
    "text": ("number", "date", "timestamp", "boolean", "nested"),
}


def sql_type(column: Column) -> str:
    """Return DuckDB's type for a column."""
    return SQL_TYPES.get(column.type, column.type.upper())


def readable_from(column: Column, physical: str) -> bool:
    """Say whether a column can be read from a physical type of DuckDB."""
    families = READABLE_FAMILIES.get(column.type, READABLE_FAMILIES["integer"])
    return physical == "VARCHAR" or _family(physical) in families


def typed(column: Column, raw: str, physical: str = "VARCHAR", decimal: str = ".") -> str:
    """Return the SQL that reads a raw column as the column's type."""
    if column.type == "text":
        return _text(raw, physical)
    if physical != "VARCHAR":
        return _native(column, raw, physical)
    if column.type == "date":
        return f"cast({_timestamp(column, raw)} as date)"
    if column.type == "timestamp":
        return _timestamp(column, raw)
    if column.type == "boolean":
        return _boolean(column, raw)
    return _number(column, _number_text(column, raw, decimal))


def unreadable(column: Column, raw: str, value: str, physical: str = "VARCHAR") -> str:
    """Return the SQL that is true where `raw` holds something that `value` could not read."""
    if column.type == "text":
        return NEVER
    there = f"not {_blank(raw)}" if physical == "VARCHAR" else f"{raw} is not null"
    return f"(case when {value} is not null then false else {there} end)"


def missing(column: Column, raw: str, value: str, physical: str = "VARCHAR") -> str:
    """Return the SQL that is true where a required value is not there."""
    if not column.required:
        return NEVER
    if column.type == "text":
        return _blank(value)
    return _blank(raw) if physical == "VARCHAR" else f"{raw} is null"


def expectation(column: Column) -> str:
    """Return in words what a value of the column must look like."""
    wanted = {"integer": "a whole number", "text": "a text"}.get(column.type, f"a {column.type}")
    formats = formats_of(column)
    return f"{wanted} in the form {' or '.join(formats)}" if formats else wanted


def formats_of(column: Column) -> tuple[str, ...]:
    """Return the forms a column may come in; none means the usual one."""
    if column.format is None:
        return ()
    return (column.format,) if isinstance(column.format, str) else column.format


def _family(physical: str) -> str:
    if physical.startswith("TIMESTAMP"):
        return "timestamp"
    if physical in ("DATE", "BOOLEAN"):
        return physical.lower()
    if physical.removeprefix("U") in NUMBERS or physical.startswith("DECIMAL("):
        return "number"
    is_nested = physical.endswith("]") or physical.startswith(
        ("STRUCT", "MAP", "JSON", "UUID", "ENUM")
    )
    return "nested" if is_nested else "other"


def _trimmed(raw: str) -> str:
    return f"trim({raw}, {WHITE_SPACE})"


def _blank(raw: str) -> str:
    # A text that begins above the space is not blank: most rows are decided without trimming. It is
    # ltrim and not trim, or DuckDB would see a common expression and trim every row before.
    trimmed = f"ltrim({raw}, {WHITE_SPACE})"
    return f"(case when {raw} >= '!' then false else coalesce({trimmed}, '') = '' end)"


def _text(raw: str, physical: str) -> str:
    if physical == "VARCHAR":
        return f"nullif({raw}, '')"
    nested = physical.endswith("]") or physical.startswith(("STRUCT", "MAP"))
    return f"cast(to_json({raw}) as varchar)" if nested else f"cast({raw} as varchar)"


def _native(column: Column, raw: str, physical: str) -> str:
    if column.type == "date":
        return f"try_cast({raw} as date)"
    if column.type == "timestamp":
        return (
            f"try_cast({raw} as timestamp)"  # a zoned one turns to UTC: the session's zone is UTC
        )
    if column.type == "boolean":
        return f"case when try_cast({raw} as integer) in (0, 1) then cast({raw} as boolean) end"
    return _number(column, raw, FLOAT_NOISE if physical == "FLOAT" else DOUBLE_NOISE)


def _number(column: Column, raw: str, noise_share: float = DOUBLE_NOISE) -> str:
    """Read a number, unless a cast would round more than the noise of a binary fraction away."""
    value = f"try_cast({raw} as {sql_type(column)})"
    scale = int(column.type.rstrip(")").split(",")[1]) if column.type.startswith("decimal") else 0
    distance = f"abs(try_cast({raw} as double) - cast({value} as double))"
    noise = f"1e-{scale + 3} + {noise_share} * abs(cast({value} as double))"
    return f"case when {distance} <= {noise} then {value} end"


def _number_text(column: Column, raw: str, decimal: str) -> str:
    for pattern in formats_of(column):
        found = NUMBER_PATTERN.match(pattern)
        if found:
            parts = found.groupdict()
            for part in ("prefix", "suffix", "group"):
                if parts[part]:
                    raw = f"replace({raw}, {literal(parts[part])}, '')"
            decimal = parts["decimal"] or decimal
    # With a decimal comma a point is no digit: 1.234 must not be taken for one and a bit.
    return f"translate({raw}, '.,', '#.')" if decimal == "," else raw


def _timestamp(column: Column, raw: str) -> str:
    formats = formats_of(column)
    trimmed = _trimmed(raw)
    if formats and formats[0] in EPOCH_UNITS:
        return f"try(make_timestamp(try_cast({raw} as bigint) * {EPOCH_UNITS[formats[0]]}))"
    if formats:
        forms = f"[{', '.join(literal(form) for form in formats)}]"
        read = f"coalesce(try_strptime({raw}, {forms}), try_strptime({trimmed}, {forms}))"
        return f"cast({read} as timestamp)"
    # The plain cast is six times faster, but drops an offset such as +03:00 in silence and takes
    # 'epoch' and 'infinity' for times: it is used for the usual shapes only.
    zoned = f"timezone('UTC', try_cast({trimmed} as timestamptz))"
    return (
        f"case when {raw} like {DATE_AND_TIME} then try_cast({raw} as timestamp) "
        f"when {raw} like {DATE_ALONE} or {raw} like {DATE_AND_UTC_TIME} "
        f"then try_cast({raw} as timestamp) "
        f"when ltrim({raw}) between '0' and ':' then {zoned} end"
    )


def _boolean(column: Column, raw: str) -> str:
    formats = formats_of(column)
    if not formats:
        return f"coalesce(try_cast({raw} as boolean), try_cast({_trimmed(raw)} as boolean))"
    yes, no = (literal(word.lower()) for word in formats[0].split("/"))
    return f"case lower({_trimmed(raw)}) when {yes} then true when {no} then false end"

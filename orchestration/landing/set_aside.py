"""Decide which rows of a file don't land: faulty ones, repetitions, duplicate keys.

Decisions depend on the content of the rows alone, never on their order, so that the same rows
shuffled land the same set. They stand in SET_ASIDE until the file's transaction writes them.
"""

from collections.abc import Mapping

import duckdb

from orchestration.landing import column_types
from orchestration.landing.contract import Contract
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import RAW_ROWS, RawColumns, RuleName
from orchestration.landing.sql_text import identifier, literal

SET_ASIDE = "rows_set_aside"
MOST_WRONGLY_ENCODED = 0.01
RULES_IN_WORDS = {
    RuleName.TRUNCATED: "the last line is cut short",
    RuleName.FIELD_COUNT: "the line has another number of fields than the contract or the header",
    RuleName.QUOTES: "a quote is open or misplaced",
    RuleName.NOT_UTF8: "the line is not UTF-8",
    RuleName.TOO_LONG: "the line is longer than 2,000,000 bytes",
    RuleName.NOT_JSON: "the line is not a JSON object",
}


def decide_faults(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    raw: RawColumns,
    typed: Mapping[str, str],
) -> None:
    """Quarantine every row that is broken, or has a value that is unreadable or missing."""
    faults = _faults(contract, raw, typed)
    any_fault = " or ".join(["_rule is not null", *(test for test, _ in faults)])
    described = ", ".join(f"case when {test} then {fault} end" for test, fault in faults) or "null"
    broken = f"[{{'name': cast(null as varchar), 'rule': _rule, 'reason': {_rules_in_words()}}}]"
    connection.execute(
        f"""
        create or replace temp table {SET_ASIDE} as
        select
            _position, _line, 'quarantined' as fate, faults[1].name as column_name,
            faults[1].rule as rule,
            array_to_string(list_transform(faults, lambda fault: fault.reason), '; ') as reason
        from (
            select
                _position, _line,
                case
                    when _rule is not null then {broken}
                    else list_filter([{described}], lambda fault: fault is not null)
                end as faults
            from {RAW_ROWS}
            where {any_fault}
        )
        """
    )


def refuse_if_hopeless(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a file of which no row is whole, or that is in another encoding.

    Raises:
        FileRefusedError: nothing of the file should land.
    """
    rows, broken, wrong, first, rule, first_wrong = connection.execute(
        f"""
        select
            count(*), count(_rule), count(*) filter (where _rule = $not_utf8),
            min(_line) filter (where _rule is not null), arg_min(_rule, _line),
            min(_line) filter (where _rule = $not_utf8)
        from {RAW_ROWS}
        """,
        {"not_utf8": RuleName.NOT_UTF8},
    ).fetchall()[0]
    if wrong > 1 and wrong > rows * MOST_WRONGLY_ENCODED:
        raise FileRefusedError(f"line {first_wrong} and {wrong - 1} more are not UTF-8", rows)
    if rows and broken == rows and not (rows == 1 and rule == RuleName.TRUNCATED):
        raise FileRefusedError(f"line {first}: {RULES_IN_WORDS[rule]}, and so has every line", rows)


def has_repetitions(connection: duckdb.DuckDBPyConnection, contract: Contract, table: str) -> bool:
    """Say whether two rows of a table have the same key."""
    if not contract.key:
        return False
    identity = ", ".join(identifier(name) for name in _identity(contract))
    query = f"select 1 from {table} group by {identity} having count(*) > 1 limit 1"
    return bool(connection.execute(query).fetchall())


def decide_repetitions(
    connection: duckdb.DuckDBPyConnection, contract: Contract, table: str
) -> None:
    """Keep one row of each key: copies are refused, rows of another content quarantined.

    The one that lands is the greatest by cursor and then by content. In a history (incremental,
    cdc) the cursor is part of the key, since a record may change twice between two deliveries.
    """
    if not contract.key:
        return
    identity = ", ".join(identifier(name) for name in _identity(contract))
    content = [identifier(name) for name in contract.columns]
    cursor = [identifier(contract.cursor)] if contract.cursor else []
    order = ", ".join(f"{name} desc nulls last" for name in [*cursor, *content])
    connection.execute(
        f"""
        insert into {SET_ASIDE}
        select
            _position, _line,
            case when copy > 1 then 'refused' else 'quarantined' end,
            case when copy > 1 then null else {literal(contract.key[0])} end,
            case when copy > 1 then {literal(RuleName.REPEATED_ROW)}
                else {literal(RuleName.DUPLICATE_KEY)} end,
            case when copy > 1 then 'the row is there already'
                else {literal(f"another row has the same {', '.join(contract.key)}")} end
        from (
            select
                _position,
                row_number() over (partition by {identity} order by {order}, _position) as rank,
                row_number() over (partition by {", ".join(content)} order by _position) as copy
            from {table}
            semi join (
                select {identity} from {table} group by {identity} having count(*) > 1
            ) using ({identity})
        )
        inner join (select _position, _line from {RAW_ROWS}) using (_position)
        where rank > 1
        """
    )


def problems(connection: duckdb.DuckDBPyConnection, place: str, line_word: str) -> list[str]:
    """Return a message for each rule and column, naming the first line and never a value."""
    rows = connection.execute(
        f"""
        select fate, column_name, count(*), min(_line), arg_min(reason, _line)
        from {SET_ASIDE}
        group by fate, column_name, rule
        order by min(_line), column_name nulls first, rule
        """
    ).fetchall()
    messages = []
    for fate, column, count, line, reason in rows:
        where = f"{place}, {line_word} {line}" + (f", column {column}" if column else "")
        more = f" (and {count - 1} more)" if count > 1 else ""
        messages.append(f"{where}: {reason}{more}; {fate}")
    return messages


def _identity(contract: Contract) -> tuple[str, ...]:
    has_history = contract.delivery in ("incremental", "cdc")
    if has_history and contract.cursor and contract.cursor not in contract.key:
        return (*contract.key, contract.cursor)
    return contract.key


def _faults(contract: Contract, raw: RawColumns, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return, for each column that can be at fault, its test and its description as SQL."""
    faults = []
    parts = zip(contract.columns.items(), raw.expressions, raw.physical_types, strict=True)
    for (name, column), expression, physical in parts:
        value = typed[name]
        missing = column_types.missing(column, expression, value, physical)
        unreadable = column_types.unreadable(column, expression, value, physical)
        for test, rule, reason in (
            (missing, RuleName.MISSING, f"{name} is missing"),
            (unreadable, RuleName.UNREADABLE, f"{name} is not {column_types.expectation(column)}"),
        ):
            if test != column_types.NEVER:
                faults.append((test, _fault(name, rule, reason)))
    return faults


def _fault(name: str, rule: str, reason: str) -> str:
    return f"{{'name': {literal(name)}, 'rule': {literal(rule)}, 'reason': {literal(reason)}}}"


def _rules_in_words() -> str:
    cases = " ".join(
        f"when {literal(rule)} then {literal(words)}" for rule, words in RULES_IN_WORDS.items()
    )
    return f"case _rule {cases} end"

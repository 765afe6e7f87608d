"""Decide which rows of a file don't land: faulty ones, repetitions, duplicate keys.

Decisions depend on the content of the rows alone, never on their order, so that the same rows
shuffled land the same set. They stand in SET_ASIDE until the file's transaction writes them.
"""

import duckdb

from orchestration.landing.contract import Contract
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import RawColumns, RawRows, RuleName
from orchestration.landing.sql_text import identifier, json_path, literal
from orchestration.landing.typed_rows import TYPED_ROWS, described, faults

SET_ASIDE = "rows_set_aside"
IN_ORDER = f"{TYPED_ROWS} where _fault is null"
SOMETHING = "a value can't be read as the contract says"
MOST_WRONGLY_ENCODED = 0.01
RULES_IN_WORDS = {
    RuleName.TRUNCATED: "the last line is cut short",
    RuleName.FIELD_COUNT: "the line has another number of fields than the contract or the header",
    RuleName.QUOTES: "a quote is open or misplaced",
    RuleName.NOT_UTF8: "the line is not UTF-8",
    RuleName.TOO_LONG: "the line is longer than 2,000,000 bytes",
    RuleName.NOT_JSON: "the line is not a JSON object",
    RuleName.NOT_NESTED: "something else stands where the contract expects a nested object",
}


def decide_faults(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: RawRows) -> None:
    """Quarantine every row that is broken, or has a value that is unreadable or missing."""
    names = tuple(
        f"json_extract_string(_fault, {literal(json_path(name))})" for name in contract.columns
    )
    columns = RawColumns(names, ("VARCHAR",) * len(names), rows.columns.decimal)
    remembered = faults(contract, RawRows(TYPED_ROWS, columns))
    tests = ", ".join(f"case when {test} then {fault} end" for test, fault in remembered)
    broken = f"[{described(None, '_rule', _in_words())}]"
    # A value of a Parquet file may fail as a number and pass as its text: then no test says which.
    other = f"[{described(None, literal(RuleName.UNREADABLE), literal(SOMETHING))}]"
    found = f"list_filter([{tests or 'null'}], lambda fault: fault is not null)"
    connection.execute(
        f"""
        create or replace temp table {SET_ASIDE} as
        select
            _position, _line, 'quarantined' as fate, found[1].name as column_name,
            found[1].rule as rule,
            array_to_string(list_transform(found, lambda fault: fault.reason), '; ') as reason
        from (
            select
                _position, _line,
                case
                    when _rule is not null then {broken}
                    when len({found}) > 0 then {found}
                    else {other}
                end as found
            from {TYPED_ROWS}
            where _fault is not null
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
        from {TYPED_ROWS}
        """,
        {"not_utf8": RuleName.NOT_UTF8},
    ).fetchall()[0]
    if wrong > 1 and wrong > rows * MOST_WRONGLY_ENCODED:
        raise FileRefusedError(f"line {first_wrong} and {wrong - 1} more are not UTF-8", rows)
    if rows and broken == rows and not (rows == 1 and rule == RuleName.TRUNCATED):
        raise FileRefusedError(
            f"line {first}: {RULES_IN_WORDS[rule]}; no other line can be read either", rows
        )


def has_repetitions(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    """Say whether two rows in order have the same key."""
    if not contract.key:
        return False
    identity = ", ".join(identifier(name) for name in _identity(contract))
    query = f"select 1 from {IN_ORDER} group by {identity} having count(*) > 1 limit 1"
    return bool(connection.execute(query).fetchall())


def decide_repetitions(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
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
    same_key = literal(f"another row has the same {', '.join(contract.key)}")
    connection.execute(
        f"""
        insert into {SET_ASIDE}
        select
            _position, _line,
            case when copy > 1 then 'refused' else 'quarantined' end,
            case when copy > 1 then null else {literal(contract.key[0])} end,
            case when copy > 1 then {literal(RuleName.REPEATED_ROW)}
                else {literal(RuleName.DUPLICATE_KEY)} end,
            case when copy > 1 then 'the row is there already' else {same_key} end
        from (
            select
                _position, _line,
                row_number() over (partition by {identity} order by {order}, _position) as rank,
                row_number() over (partition by {", ".join(content)} order by _position) as copy
            from (select * from {IN_ORDER})
            semi join (
                select {identity} from {IN_ORDER} group by {identity} having count(*) > 1
            ) using ({identity})
        )
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


def _in_words() -> str:
    pairs = RULES_IN_WORDS.items()
    cases = " ".join(f"when {literal(rule)} then {literal(words)}" for rule, words in pairs)
    return f"case _rule {cases} end"

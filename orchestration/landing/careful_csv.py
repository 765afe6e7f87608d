"""Read delimited text line by line, exact about everything that is not a record.

Used where DuckDB's reader met something it can't take. DuckDB counts a stray quote that swallows
half a file as one rejected row and keeps 10,000 characters of it; here only the line with the stray
quote is set aside.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.reading import RuleName

LONGEST_RECORD = 2_000_000
MOST_LINES = 1_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TextShape:
    """How records are written in a text file, and how many fields one has."""

    delimiter: str
    quote: str
    fields: int
    line_breaks: bool = False

    def parse(self, text: str) -> tuple[list[str] | None, bool]:
        """Return the fields of a record, and whether it goes on in the next line."""
        if not self.quote:
            fields = text.rstrip("\r\n").split(self.delimiter)
            is_open = self.line_breaks and len(fields) < self.fields
            return (None if is_open else fields), is_open
        reader = csv.reader([text], delimiter=self.delimiter, quotechar=self.quote, strict=True)
        try:
            return next(reader, []), False
        except csv.Error as error:
            return None, "unexpected end of data" in str(error)

    def may_end_in(self, addition: str) -> bool:
        """Say whether a record that goes on can end in a line: without the sign it can't."""
        return (self.quote or self.delimiter) in addition


@dataclass(frozen=True, slots=True)
class CarefulRecord:
    """A record, or a broken line: then `rule` says what is wrong and `text` holds the line."""

    position: int
    line: int
    fields: list[str] | None = None
    rule: str | None = None
    text: str | None = None


def physical_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers; any of the three line ends counts."""
    number = 0
    with path.open("rb") as stream:
        for chunk in stream:
            lines = chunk.splitlines(keepends=True) if b"\r" in chunk[:-2] else [chunk]
            for line in lines:
                number += 1
                yield number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line


def careful_records(path: Path, shape: TextShape, lines_before: int) -> Iterator[CarefulRecord]:
    """Yield every record after the header, and every line that belongs to none."""
    csv.field_size_limit(LONGEST_RECORD)
    waiting: deque[tuple[int, bytes]] = deque()
    source = physical_lines(path)
    for _ in range(lines_before):
        next(source, None)
    position = 0
    while True:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            return
        if not line[1].strip(b"\r\n"):
            continue
        position += 1
        yield _record(position, line, waiting, source, shape)


def _record(
    position: int,
    first: tuple[int, bytes],
    waiting: deque[tuple[int, bytes]],
    source: Iterator[tuple[int, bytes]],
    shape: TextShape,
) -> CarefulRecord:
    number, content = first
    text, rule = _decoded(content)
    fields, is_open = shape.parse(text) if rule is None else (None, False)
    if is_open:
        fields = _continued(text, waiting, source, shape)
    if fields is None and rule is None:
        rule = RuleName.QUOTES if shape.quote else RuleName.FIELD_COUNT
    if fields is not None and len(fields) == shape.fields + 1 and fields[-1] == "":
        fields = fields[:-1]  # a delimiter at the end of the line, as DuckDB's reader takes it
    if fields is not None and len(fields) != shape.fields:
        rule = RuleName.FIELD_COUNT
    if rule is None:
        return CarefulRecord(position, number, fields=fields)
    if rule != RuleName.TOO_LONG and not content.endswith((b"\n", b"\r")):
        rule = RuleName.TRUNCATED
    return CarefulRecord(position, number, rule=rule, text=text.rstrip("\r\n"))


def _decoded(content: bytes) -> tuple[str, str | None]:
    if len(content) > LONGEST_RECORD:
        return content[:LONGEST_RECORD].decode("utf-8", "backslashreplace"), RuleName.TOO_LONG
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError:
        return content.decode("utf-8", "backslashreplace"), RuleName.NOT_UTF8


def _continued(
    text: str,
    waiting: deque[tuple[int, bytes]],
    source: Iterator[tuple[int, bytes]],
    shape: TextShape,
) -> list[str] | None:
    """Take the following lines into a record that is open, if that gives one of the right size.

    Otherwise every line that was looked at is put back: what opened the record was a stray quote.
    """
    seen: list[tuple[int, bytes]] = []
    while len(seen) < MOST_LINES and len(text) < LONGEST_RECORD:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            break
        seen.append(line)
        addition, rule = _decoded(line[1])
        if rule is not None:
            break
        text += addition
        fields, is_open = shape.parse(text) if shape.may_end_in(addition) else (None, True)
        if fields is not None and len(fields) == shape.fields:
            return fields
        if not is_open:
            break
    waiting.extendleft(reversed(seen))
    return None

"""Number the records of delimited text line by line, exact about everything that is none.

Used where DuckDB's reader met something it can't take. DuckDB counts a stray quote that swallows
half a file as one rejected row and keeps 10,000 characters of it; here only the line with the stray
quote is set aside.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.landing.reading import RuleName

QUOTE = '"'
LONGEST_RECORD = 2_000_000
MOST_LINES = 1_000
MAY_BE_CUT = (RuleName.QUOTES, RuleName.FIELD_COUNT, RuleName.NOT_UTF8)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class TextShape:
    """How records are written in a text file, and how many fields one has."""

    delimiter: str
    quote: str
    fields: int
    line_breaks: bool = False

    def parse(self, text: str) -> tuple[list[str] | None, bool]:
        """Return the fields of a record, and whether it goes on in the next line."""
        record = text.rstrip("\r\n")
        if self.quote:
            fields, is_open = self._quoted(record)
            return (None if fields is None else self._fitted(fields)), is_open
        fields = self._fitted(record.split(self.delimiter))
        is_open = self.line_breaks and len(fields) < self.fields
        return (None if is_open else fields), is_open

    def may_end_in(self, addition: str) -> bool:
        """Say whether a record that goes on can end in a line: without the sign it can't."""
        return (self.quote or self.delimiter) in addition

    def _quoted(self, record: str) -> tuple[list[str] | None, bool]:
        fields: list[str] = []
        place = 0
        while True:
            field = self._field.match(record, place)
            if field is None:
                return None, bool(self._open_field.match(record, place))
            inside = field["quoted"]
            is_quoted = inside is not None
            fields.append(
                inside.replace(self.quote * 2, self.quote) if is_quoted else field["bare"]
            )
            if field["end"] != self.delimiter:
                return fields, False
            place = field.end()

    @cached_property
    def _field(self) -> re.Pattern[str]:
        """A field and its end; as in DuckDB, a space may stand before a quote, and some behind."""
        quote, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        quoted = f" ?{quote}(?P<quoted>(?:[^{quote}]|{quote}{quote})*+){quote} *"
        bare = f"(?! ?{quote})(?P<bare>[^{delimiter}]*)"
        return re.compile(f"(?:{quoted}|{bare})(?P<end>{delimiter}|\\Z)")

    @cached_property
    def _open_field(self) -> re.Pattern[str]:
        quote = re.escape(self.quote)
        return re.compile(f" ?{quote}(?:[^{quote}]|{quote}{quote})*+\\Z")

    def _fitted(self, fields: list[str]) -> list[str]:
        """Leave out empty fields behind the last, as DuckDB's reader does."""
        beyond = fields[self.fields :]
        return fields[: self.fields] if beyond and not any(beyond) else fields


def physical_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers; any of the three line ends counts."""
    number = 0
    with path.open("rb") as stream:
        for chunk in stream:
            inside = chunk.removesuffix(b"\n").removesuffix(b"\r")
            lines = chunk.splitlines(keepends=True) if b"\r" in inside else [chunk]
            for line in lines:
                number += 1
                yield number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line


def write_numbered(source: Path, target: Path, shape: TextShape, lines_before: int) -> None:
    """Copy the records after the header, each behind its line, and the lines that belong to none.

    A line of the copy is: line, rule, text, and the fields of the record; either rule and text or
    the fields are empty. It is quoted with QUOTE, whatever the source is quoted with.
    """
    waiting: deque[tuple[int, bytes]] = deque()
    lines = physical_lines(source)
    for _ in range(lines_before):
        next(lines, None)
    delimiter = shape.delimiter.encode("utf-8")
    nothing_wrong = delimiter * 3
    signs = (QUOTE.encode("utf-8"), shape.quote.encode("utf-8") or QUOTE.encode("utf-8"))
    with target.open("wb") as copy:
        while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
            number, content = line
            record = content.rstrip(b"\r\n")
            if not record:
                continue
            has_quotes = signs[0] in record or signs[1] in record
            is_plain = not has_quotes and record.count(delimiter) == shape.fields - 1
            if is_plain and len(record) < LONGEST_RECORD and _is_utf8(record):
                copy.write(b"%d%b%b\n" % (number, nothing_wrong, record))
            else:
                copy.write(_examined(line, waiting, lines, shape))


def _examined(
    first: tuple[int, bytes],
    waiting: deque[tuple[int, bytes]],
    lines: Iterator[tuple[int, bytes]],
    shape: TextShape,
) -> bytes:
    """Return the line of the copy for a line that needs a closer look."""
    number, content = first
    text, rule = _decoded(content)
    fields, is_open = shape.parse(text) if rule is None else (None, False)
    if is_open:
        fields = _continued(text, waiting, lines, shape)
    if fields is None and rule is None:
        rule = RuleName.QUOTES if shape.quote else RuleName.FIELD_COUNT
    if fields is not None and len(fields) != shape.fields:
        rule = RuleName.FIELD_COUNT
    if rule in MAY_BE_CUT and not content.endswith((b"\n", b"\r")):
        rule = RuleName.TRUNCATED
    if rule is None and fields is not None:
        return _written([str(number), "", "", *fields], shape)
    broken = [str(number), str(rule), text.rstrip("\r\n")]
    return _written([*broken, *[""] * shape.fields], shape)


def _written(values: list[str], shape: TextShape) -> bytes:
    text = io.StringIO()
    # All in quotes: Python's writer leaves a lone carriage return bare, where DuckDB ends the line.
    csv.writer(
        text,
        delimiter=shape.delimiter,
        quotechar=QUOTE,
        quoting=csv.QUOTE_ALL,
        lineterminator="\n",
    ).writerow(values)
    return text.getvalue().encode("utf-8")


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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

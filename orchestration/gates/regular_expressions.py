r"""Write a Python regular expression in RE2, the dialect of DuckDB, with the same meaning.

Great Expectations defines its patterns by Python's `re.search`. RE2 reads `\d`, `\w` and `\s` as
ASCII only and `$` as the very end, so a Vietnamese or Arabic name would get another verdict than in
pandas. What RE2 has not at all (look-around, back references) stays as it is: DuckDB refuses it,
and the expectation counts as not computable.
"""

import re

from orchestration.gates.errors import UnsupportedPatternError

WHITESPACE = r"\t-\r\x{1c}-\x{20}\x{85}\p{Z}"
WORD = r"\p{L}\p{N}_"

OUTSIDE_A_CLASS = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": f"[{WORD}]",
    "W": f"[^{WORD}]",
    "s": f"[{WHITESPACE}]",
    "S": f"[^{WHITESPACE}]",
    "Z": r"\z",
}
MULTILINE_FLAG = re.compile(r"\(\?[aiLsux]*m")
INSIDE_A_CLASS = {"d": r"\p{Nd}", "D": r"\P{Nd}", "w": WORD, "s": WHITESPACE}


def to_re2(pattern: str) -> str:
    """Return the pattern in RE2's dialect.

    Raises:
        UnsupportedPatternError: the pattern says "not a word character" or "not a space" inside
        brackets, or sets
            the multi-line flag.
    """
    if MULTILINE_FLAG.search(pattern):
        raise UnsupportedPatternError("the multi-line flag (?m) can't be written for DuckDB")
    written: list[str] = []
    in_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\" and position + 1 < len(pattern):
            text, length = _escape(pattern, position, in_class=in_class)
            written.append(text)
            position += length
            continue
        if in_class:
            # Python takes a bracket that opens inside a class as a plain character.
            in_class = character != "]" or _opens_class(pattern, position)
            written.append(r"\[" if character == "[" else character)
        elif character == "$":
            written.append(r"(?:\n?\z)")
        else:
            in_class = character == "["
            written.append(character)
        position += 1
    return "".join(written)


def _escape(pattern: str, position: int, *, in_class: bool) -> tuple[str, int]:
    letter = pattern[position + 1]
    if letter in "uU":
        digits = 4 if letter == "u" else 8
        return f"\\x{{{pattern[position + 2 : position + 2 + digits]}}}", 2 + digits
    if in_class and letter in "WS":
        message = f"\\{letter} inside brackets can't be written for DuckDB: turn the class around"
        raise UnsupportedPatternError(message)
    known = INSIDE_A_CLASS if in_class else OUTSIDE_A_CLASS
    return known.get(letter, f"\\{letter}"), 2


def _opens_class(pattern: str, position: int) -> bool:
    """Tell whether the closing bracket at a position is the first member of its class."""
    before = pattern[:position]
    return before.endswith("[") or before.endswith("[^")

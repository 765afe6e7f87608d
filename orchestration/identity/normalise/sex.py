"""Read the sex that a system recorded; one that is not known is no value, and so no difference."""

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.normalise.distinct import TextColumn, as_text, map_distinct
from orchestration.identity.normalise.placeholders import says_nothing
from orchestration.identity.normalise.text import clean

# ISO 5218; 0 is not known and 9 not applicable.
_ISO_CODES = {"1": "m", "2": "f"}
_ISO_FIGURES = frozenset("0129")
# Unknown, not stated, undisclosed, other, prefer not to say, x in passports.
_UNKNOWN_INITIALS = frozenset("unopx")


def recorded_sexes(column: TextColumn) -> pa.Array:
    """Return the first letter of what was recorded, which two sources mostly share.

    Figures are read by ISO 5218 where a column holds nothing but its codes, and 2 among them: a
    column of 0 and 1 can mean either.
    """
    typed = map_distinct(column, lambda value: clean(value).removesuffix(".0"))
    found = {value for value in pc.unique(as_text(typed)).to_pylist() if value}
    codes = _ISO_CODES if "2" in found and found <= _ISO_FIGURES else {}
    return map_distinct(typed, lambda value: codes.get(value) or _letter(value))


def _letter(value: str) -> str | None:
    is_known = value[:1].isalpha() and value[0] not in _UNKNOWN_INITIALS
    return value[0] if is_known and not says_nothing(value) else None

"""Which fields are compared, in which graded levels (missing is level 0, without weight)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class FieldKind(StrEnum):
    """How a field is compared."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    DIGITS = "digits"
    CATEGORY = "category"
    ADDRESS = "address"


class Holding(StrEnum):
    """What a spec says of an identifier."""

    ONE = "one per person"  # two that differ are two people
    SHARED = "shared"  # people who live together may carry the same


LEVELS: dict[FieldKind, tuple[str, ...]] = {
    FieldKind.NAME: (
        "missing",
        "different",
        "faintly alike",
        "initial",
        "short form",
        "alike",
        "close",
        "swapped",
        "equal",
    ),
    FieldKind.BIRTH_DATE: (
        "missing",
        "different",
        "year within one",
        "same year or decade",
        "equal as far as known",
        "two parts equal",
        "one slip",
        "equal",
    ),
    FieldKind.EMAIL: ("missing", "different", "alike", "same mailbox or close", "equal"),
    FieldKind.DIGITS: ("missing", "different", "two slips", "one slip", "equal"),
    FieldKind.CATEGORY: ("missing", "different", "equal"),
    FieldKind.ADDRESS: (
        "missing",
        "elsewhere",
        "same street elsewhere",
        "area alike",
        "same city",
        "same postcode",
        "street alike",
        "equal",
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One compared field: its name, how it is compared, and the record columns it reads."""

    name: str
    kind: FieldKind
    columns: tuple[str, ...]
    is_stable: bool = False  # a name or birth date stays for life, an e-mail address does not
    holding: Holding | None = None

    def held_as(self, holding: Holding | None) -> "Field":
        """Return the field as people hold it; what they share may change in a life."""
        is_stable = self.is_stable and holding is not Holding.SHARED
        return replace(self, holding=holding, is_stable=is_stable)

    @property
    def levels(self) -> tuple[str, ...]:
        """Words for the levels, from missing to equal."""
        return LEVELS[self.kind]

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Columns whose values two records agree in: of an address it is the street alone."""
        return self.columns if self.kind is FieldKind.DIGITS else self.columns[:1]

    @property
    def weak_levels(self) -> int:
        """How many levels after missing speak against one person."""
        return 2 if self.kind in (FieldKind.NAME, FieldKind.BIRTH_DATE) else 1


FIELDS = (
    Field("given_name", FieldKind.NAME, ("given_name",), is_stable=True),
    Field("middle_name", FieldKind.NAME, ("middle_name",)),
    Field("family_name", FieldKind.NAME, ("family_name",), is_stable=True),
    Field("generation", FieldKind.CATEGORY, ("generation",)),
    Field("birth_date", FieldKind.BIRTH_DATE, ("birth_date",), is_stable=True),
    Field("sex", FieldKind.CATEGORY, ("sex",), is_stable=True),
    Field("email", FieldKind.EMAIL, ("email",)),
    Field("phone", FieldKind.DIGITS, ("phone", "secondary_phone")),
    Field("national_id", FieldKind.DIGITS, ("national_id",), is_stable=True),
    Field("loyalty_id", FieldKind.DIGITS, ("loyalty_id",)),
    Field("address", FieldKind.ADDRESS, ("street", "city", "postcode")),
)


# At home a family name, an address or a phone in common is no coincidence, however rare it is.
_SHARED_AT_HOME = frozenset({"family_name", "address", "phone"})


def is_shared_at_home(field: Field) -> bool:
    """Tell whether people who live together mostly have a field in common."""
    return field.name in _SHARED_AT_HOME or field.holding is Holding.SHARED


def active_fields(
    telling_columns: Collection[str], holdings: Mapping[str, Holding] | None = None
) -> tuple[Field, ...]:
    """Return the fields of which at least one column has two different values.

    `holdings` say of identifiers how people hold them.
    """
    held = holdings or {}
    return tuple(
        field.held_as(held.get(field.name))
        for field in FIELDS
        if set(field.columns) & set(telling_columns)
    )

"""Tell given, middle and family name apart in the words of a name, by the customs of a country."""

import re
from dataclasses import dataclass

from orchestration.identity.normalise.vocabulary import vocabulary

PATRONYMIC = re.compile(r"(?:ovich|evich|yevich|ovna|evna|yevna|inichna)$")
_SLAVIC_FAMILY = re.compile(r"(?:ov|ev|yev|ova|eva|yeva|in|ina|skiy|skaya|sky|ski|enko)$")


@dataclass(frozen=True, slots=True)
class PersonName:
    """The normalised parts of one name; a part that the name does not have is None."""

    given_name: str | None = None
    middle_name: str | None = None
    family_name: str | None = None


def name_parts(given: list[str], middle: list[str], family: list[str]) -> PersonName:
    """Return the name that these words make; a part without words is None."""
    return PersonName(*(" ".join(words) or None for words in (given, middle, family)))


def western_name(words: list[str]) -> PersonName:
    """Given name first; particles belong to the family name behind them."""
    start = len(words) - 1
    while start > 1 and words[start - 1] in vocabulary().family_particles:
        start -= 1
    return name_parts(words[:1], words[1:start], words[max(start, 1) :])


def vietnamese_name(words: list[str]) -> PersonName:
    """Family name first, given name last; turned round only when that is plain to see."""
    families = vocabulary().vietnamese_family_names
    if len(words) > 1 and words[0] not in families and words[-1] in families:
        return name_parts(words[-2:-1], words[:-2], words[-1:])
    return name_parts(words[1:][-1:] or words[:1], words[1:-1], words[:1] if len(words) > 1 else [])


def name_with_patronymic(words: list[str]) -> PersonName:
    """Find the patronymic by its ending or by 'ogli'/'qizi', the family name by ending or place."""
    markers = vocabulary().patronymic_words
    at = next(
        (i for i, word in enumerate(words) if i and (word in markers or PATRONYMIC.search(word))),
        None,
    )
    middle: list[str] = []
    if at is not None:
        marked = words[at] in markers
        middle = [words[at - 1] if marked else _father(words[at])]
        before, after = words[: at - 1 if marked else at], words[at + 1 :]
        if after:
            return name_parts(
                before[:1] or after[:1], middle, after[-1:] if before else after[1:][-1:]
            )
        words = before
    family_first = at is not None or (
        _SLAVIC_FAMILY.search(words[0]) is not None and not _SLAVIC_FAMILY.search(words[-1])
    )
    if len(words) > 1 and family_first:  # a patronymic at the end follows the given name
        words = [*words[1:], words[0]]
    return name_parts(words[:1], [*words[1:-1], *middle], words[1:][-1:])


def _father(patronymic: str) -> str:
    return PATRONYMIC.sub("", patronymic) or patronymic

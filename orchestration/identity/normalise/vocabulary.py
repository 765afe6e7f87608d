"""Read the words that normalisation knows (titles, particles, ...) from `vocabulary.yml`, once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.yml")
# The one in C is much faster; a PyYAML that was built without it has only the other.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEPT_AS_LISTED = ("arabic_names", "short_forms")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Closed lists of words, all in cleaned lower-case form."""

    titles: frozenset[str]
    vietnamese_titles: frozenset[str]
    suffixes: dict[str, str]
    academic_suffixes: frozenset[str]
    family_particles: frozenset[str]
    descent_particles: frozenset[str]
    patronymic_words: frozenset[str]
    vietnamese_middle_names: frozenset[str]
    vietnamese_family_names: frozenset[str]
    short_forms: dict[str, list[str]]
    arabic_names: dict[str, list[str]]
    email_domain_typos: dict[str, str]
    email_domain_aliases: dict[str, str]
    email_tag_domains: frozenset[str]
    mail_providers: frozenset[str]
    shared_web_hosts: frozenset[str]
    email_placeholder_words: frozenset[str]
    placeholder_texts: frozenset[str]
    placeholder_ids: frozenset[str]
    street_words: dict[str, str]
    street_noise: frozenset[str]
    legal_forms: frozenset[str]
    leading_legal_forms: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Return the word lists."""
    text = VOCABULARY_FILE.read_text(encoding="utf-8")
    content = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a SafeLoader
    lists: dict[str, Any] = {
        name: frozenset(words) if isinstance(words, list) else _inverted(name, words)
        for name, words in content.items()
    }
    return Vocabulary(**lists)


def _inverted(name: str, words: dict[str, list[str]]) -> dict[str, list[str]] | dict[str, str]:
    """Turn `canonical: [variants]` round, where there is just one canonical form."""
    if name in _KEPT_AS_LISTED:
        return words
    return {variant: canonical for canonical, variants in words.items() for variant in variants}

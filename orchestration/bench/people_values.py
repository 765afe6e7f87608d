"""The names and places that measured people have, as common and as rare as real ones."""

from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_CONSONANTS = np.array("b ch d f g h j k l m n ng r s sh t v w y z".split())  # noqa: SIM905
_VOWELS = np.array("a e i o u aa".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts, the most common first, with the chance of each or a more common one."""

    texts: pa.Array
    cumulated: npt.NDArray[np.float64]

    @classmethod
    def of(cls, texts: list[str], steepness: float) -> "Pool":
        """Give the n-th text the share 1 / (n + 10) ** steepness, as names have."""
        weights = 1.0 / (np.arange(len(texts)) + 10.0) ** steepness
        return cls(pa.array(texts), np.cumsum(weights / weights.sum()))

    @property
    def size(self) -> int:
        """Number of texts."""
        return len(self.texts)

    def position(self, share: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return the text that stands at a share of all uses."""
        return np.minimum(np.searchsorted(self.cumulated, share), self.size - 1)

    def draw(self, random: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
        """Return positions of texts, common ones more often."""
        return self.position(random.random(count))

    def take(self, positions: npt.NDArray[np.int64]) -> pa.Array:
        """Return the texts at positions."""
        return self.texts.take(pa.array(positions))


@dataclass(frozen=True, slots=True)
class Pools:
    """All texts that people are made of."""

    given: Pool
    short_given: Pool
    family: Pool
    city: Pool
    street: Pool
    domain: Pool

    @classmethod
    def of(cls, random: np.random.Generator) -> "Pools":
        """Make the texts from syllables."""
        given = _words(random, 2_000, 3)
        short = [name[: max(3, len(name) // 2)] for name in given]
        return cls(
            given=Pool.of(given, 0.9),
            short_given=Pool.of(short, 0.9),
            family=Pool.of(_words(random, 30_000, 4), 0.8),
            city=Pool.of(_words(random, 400, 3), 1.0),
            street=Pool.of([f"{name} street" for name in _words(random, 3_000, 3)], 0.3),
            domain=Pool.of([f"{name}.org" for name in _words(random, 40, 2)], 1.2),
        )


def _words(random: np.random.Generator, count: int, syllables: int) -> list[str]:
    """Return different words of up to so many syllables, in the order they were made."""
    words: dict[str, None] = {}
    while len(words) < count:
        length = random.integers(2, syllables + 1)
        parts = zip(random.choice(_CONSONANTS, length), random.choice(_VOWELS, length), strict=True)
        words["".join(consonant + vowel for consonant, vowel in parts)] = None
    return list(words)


def made_of(*parts: str | pa.Array | npt.NDArray[np.int64]) -> pa.Array:
    """Return the parts of each row joined: arrays of texts or numbers, and constants."""
    texts = [
        pc.cast(pa.array(part), pa.string()) if isinstance(part, np.ndarray) else part
        for part in parts
    ]
    return pc.binary_join_element_wise(*texts, "")


def slipped(
    texts: pa.Array, chosen: npt.NDArray[np.bool_], random: np.random.Generator
) -> pa.Array:
    """Return texts of which the chosen have one letter left out, doubled, changed or swapped."""
    places = np.flatnonzero(chosen)
    kinds, letters = random.integers(0, 4, len(places)), random.integers(0, 26, len(places))
    where = random.random(len(places))
    changed = [
        _slip(text or "", kind, int(share * len(text or "")), ascii_lowercase[letter])
        for text, kind, share, letter in zip(
            texts.take(pa.array(places)).to_pylist(), kinds, where, letters, strict=True
        )
    ]
    return pc.replace_with_mask(texts, pa.array(chosen), pa.array(changed, pa.string()))


def _slip(text: str, kind: int, place: int, letter: str) -> str:
    if len(text) < 3:
        return text
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2:
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]

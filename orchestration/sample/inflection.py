"""Names that follow from another: patronymics, and the form of a family name women carry."""

from orchestration.sample.spelling import Spellings, distinct, latin_from_russian

_VOWELS = "аеёиоуыэюя"
_IRREGULAR = {"Павел": "Павлович", "Лев": "Львович", "Пётр": "Петрович", "Михаил": "Михайлович"}
_FEMININE_ENDINGS = (("ский", "ская"), ("skiy", "skaya"), ("sky", "skaya"))


def _son(father: str) -> str:
    """Return the patronymic of a son in Russian letters."""
    if father in _IRREGULAR:
        return _IRREGULAR[father]
    if father.endswith("ий"):
        # Дмитрий keeps its vowel after two consonants, Юрий softens it after one.
        stem = father[:-2]
        return stem + ("иевич" if stem[-2].lower() not in _VOWELS else "ьевич")
    if father.endswith("й"):
        return father[:-1] + "евич"
    if father.endswith("ь"):
        return father[:-1] + "евич"
    if father.endswith(("а", "я")):
        return father[:-1] + "ич"
    return father + "ович"


def _daughter(father: str) -> str:
    """Return the patronymic of a daughter in Russian letters."""
    son = _son(father)
    if son.endswith(("ович", "евич")):
        return son[:-2] + "на"
    return son[:-2] + ("инична" if father.endswith("я") else "ична")


def patronymics(father: Spellings, culture: str) -> tuple[Spellings, Spellings]:
    """Return the patronymics of son and daughter; Uzbeks have forms of their own beside."""
    name = (father.russian or father.native)[0]
    pairs = ((_son(name), " o'g'li", " ўғли"), (_daughter(name), " qizi", " қизи"))
    if culture != "uzbek":
        return tuple(  # type: ignore[return-value]
            Spellings(
                distinct(latin_from_russian(one), latin_from_russian(one.replace("ё", "е"))), (one,)
            )
            for one, _, _ in pairs
        )
    return tuple(  # type: ignore[return-value]
        Spellings(
            (latin_from_russian(one), father.latin[0] + latin),
            (one, father.native[0] + native),
            (one,),
        )
        for one, latin, native in pairs
    )


def feminine(family: Spellings) -> Spellings:
    """Return the form of a family name that women carry."""
    return Spellings(
        distinct(*map(_feminine, family.latin)),
        distinct(*map(_feminine, family.native)),
        distinct(*map(_feminine, family.russian)),
    )


def _feminine(name: str) -> str:
    if name.endswith(("ov", "ev", "yov", "in")):
        return name + "a"
    if name.endswith(("ов", "ев", "ёв", "ин")):
        return name + "а"
    for masculine, ending in _FEMININE_ENDINGS:
        if name.endswith(masculine):
            return name.removesuffix(masculine) + ending
    return name

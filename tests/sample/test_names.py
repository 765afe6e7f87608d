import numpy as np
import pyarrow as pa
import pytest

from orchestration.sample.draws import Draws
from orchestration.sample.inflection import feminine, patronymics
from orchestration.sample.lexicon import CULTURES, load_lexicon
from orchestration.sample.spellbook import LATIN, NATIVE
from orchestration.sample.spelling import SPELLING_RULES, Spellings, unmarked, uzbek_cyrillic
from orchestration.sample.typos import with_slips


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


@pytest.mark.parametrize("culture", CULTURES)
def test_every_culture_has_names_enough(lexicon, culture):
    assert 55 <= len(lexicon.pools[culture, "male"].entries) <= 150
    assert 55 <= len(lexicon.pools[culture, "female"].entries) <= 150
    assert 80 <= len(lexicon.pools[culture, "family"].entries) <= 200


@pytest.mark.parametrize(
    ("culture", "script"), [("gulf", "Arabic"), ("russian", "Cyrillic"), ("uzbek", "Cyrillic")]
)
def test_every_name_of_a_scripted_culture_has_its_script(lexicon, culture, script):
    for role in ("male", "female", "family"):
        entries = lexicon.pools[culture, role].entries
        names = lexicon.spellbook.spell(entries, NATIVE, np.zeros(len(entries)))
        pattern = rf"^[\p{{{script}}} ]+$"
        assert pa.compute.all(pa.compute.match_substring_regex(names, pattern)).as_py()


def test_the_latin_spelling_of_a_scripted_name_is_latin(lexicon):
    for culture in ("gulf", "russian", "uzbek"):
        for role in ("male", "female", "family"):
            entries = lexicon.pools[culture, role].entries
            letters = lexicon.spellbook.letters(entries, np.zeros(len(entries)))
            assert pa.compute.all(pa.compute.match_substring_regex(letters, "^[a-z]+$")).as_py()


def test_a_usual_spelling_is_used_by_half_and_the_others_share_the_rest(lexicon):
    entry = lexicon.pools["gulf", "male"].entries[0]
    variants = Draws(1).uniform("variant", np.arange(10_000))
    names = lexicon.spellbook.spell(np.full(10_000, entry), LATIN, variants)
    counts = dict(zip(*[part.to_pylist() for part in names.value_counts().flatten()], strict=True))
    assert len(counts) == 6
    assert counts["Mohammed"] / 10_000 == pytest.approx(0.5 + 0.5 / 6, abs=0.02)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻtkir", "Ўткир"), ("Gʻayrat", "Ғайрат"), ("Shahnoza", "Шаҳноза"), ("Eldor", "Элдор"),
        ("Xurshid", "Хуршид"), ("Qodirov", "Қодиров"), ("Joʻrayev", "Жўраев"), ("Yusuf", "Юсуф"),
    ],
)  # fmt: skip
def test_uzbek_names_turn_cyrillic_by_the_rules_of_the_language(latin, cyrillic):
    assert uzbek_cyrillic(latin) == cyrillic


def test_uzbek_names_are_typed_with_any_apostrophe_and_with_none():
    spellings = SPELLING_RULES["uzbek"]("Oʻtkir", {})
    assert {"O'tkir", "Oʻtkir", "O`tkir", "Otkir", "Utkir"} <= set(spellings.latin)
    assert spellings.russian == ("Уткир",)


def test_vietnamese_names_lose_their_marks():
    assert unmarked("Nguyễn Thị Ánh Đào") == "Nguyen Thi Anh Dao"


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Никита", "Никитич", "Никитична"),
        ("Павел", "Павлович", "Павловна"),
        ("Иван", "Иванович", "Ивановна"),
    ],
)
def test_patronymics_follow_from_the_fathers_name(father, son, daughter):
    made = patronymics(Spellings(("x",), (father,), (father,)), "russian")
    assert [one.native[0] for one in made] == [son, daughter]


@pytest.mark.parametrize(
    ("family", "expected"),
    [("Ivanov", "Ivanova"), ("Белинский", "Белинская"), ("Kim", "Kim"), ("Шевченко", "Шевченко")],
)
def test_women_carry_the_feminine_form_of_a_family_name(family, expected):
    assert feminine(Spellings((family,), (family,))).latin[0] == expected


def test_a_slip_changes_a_name_by_one_step_and_keeps_its_first_letter():
    names = pa.array(["Mohammed"] * 500)
    keys = np.arange(500)
    slipped = with_slips(Draws(1), "slip", names, keys >= 0, keys).to_pylist()
    assert all(name[0] in "Mo" and 7 <= len(name) <= 9 for name in slipped)
    assert len(set(slipped)) > 20
    assert sum(name == "Mohammed" for name in slipped) < 60  # two equal letters swapped


def test_slips_leave_other_records_and_missing_names_alone():
    names = pa.array(["Amina", None, "Ли", "Фатима"])
    struck = np.array([False, True, True, True])
    slipped = with_slips(Draws(1), "slip", names, struck, np.arange(4)).to_pylist()
    assert slipped[:3] == ["Amina", None, "Ли"]
    assert slipped[3] != "Фатима"

"""Names of any script and order come to one form."""

import pyarrow as pa
import pytest

from orchestration.identity.normalise import names
from orchestration.identity.normalise.name_orders import PersonName
from orchestration.identity.normalise.names import (
    LONGEST_NAME,
    generation_of,
    name_scripts,
    normalise_name,
    normalise_names,
    parse_full_name,
    parse_full_names,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("NGUYEN VAN DUC", "nguyen van duc"),
        ("Zażółć", "zazolc"),
        ("O'Brien", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("Mr. John Smith Jr.", "john smith"),
        ("Dr. Asha Wa Mwangi, PhD", "asha mwangi"),
        ("\u200bMaria\u00a0 Silva ", "maria silva"),
        ("ＭＡＲＩＡ", "maria"),
        ("Сергей Иванов", "sergey ivanov"),
        ("Ўктам Ғуломов", "oktam gulomov"),
        ("O‘ktam G‘ulomov", "oktam gulomov"),
        ("O'ktam G'ulomov", "oktam gulomov"),
        ("محمد", "mohammed"),
        ("الغامدي", "alghamdi"),
        ("محمد بن عبد الرحمن الغامدي", "mohammed abdulrahman alghamdi"),
        ("Mohammed bin Abdul-Rahman Al Ghamdi", "mohammed abdulrahman alghamdi"),
        ("Abd el-Rahman Ash-Shamsi", "abdulrahman alshamsi"),
        ("عبد الله", "abdullah"),
        ("Abdulla", "abdullah"),
        ("Abdalla Ali", "abdullah ali"),
        ("Abdul Ali", "abdulali"),
        ("Abdirahman", "abdulrahman"),
        ("Abdulov", "abdulov"),
        ("Abdi", "abdi"),
        ("ישראל לוי", "yshral loi"),
        ("ג'ורג'", "jorj"),
        ("שָׂרָה", "shra"),
    ],
)
def test_writings_of_a_name_come_to_one_latin_form(typed: str, expected: str) -> None:
    assert normalise_name(typed) == expected


@pytest.mark.parametrize(
    "nothing", ["", "   ", "123", "---", ".", "N/A", "unknown", "Unknown Unknown", "NULL", "(none)"]
)
def test_text_without_letters_is_no_name(nothing: str) -> None:
    assert normalise_name(nothing) is None
    assert parse_full_name(nothing) is None


@pytest.mark.parametrize("lone", ["Dr", "Junior", "Al"])
def test_a_word_that_stands_alone_is_kept_even_if_it_could_be_a_title(lone: str) -> None:
    assert normalise_name(lone) == lone.lower()


def test_an_absurdly_long_name_is_cut_and_not_compared_whole() -> None:
    assert len(normalise_name("a" * 10_000) or "") == LONGEST_NAME


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("Nguyễn Thị Minh Anh", "VN", PersonName("anh", "thi minh", "nguyen")),
        ("Anh Nguyen", "VN", PersonName("anh", None, "nguyen")),
        ("Ông Trần Văn An", "VN", PersonName("an", "van", "tran")),
        ("Nguyễn Văn Đức", None, PersonName("duc", "van", "nguyen")),
        ("Каримов Азиз Баходирович", "UZ", PersonName("aziz", "bakhodir", "karimov")),
        ("Karimov Aziz Bahodir o'g'li", "UZ", PersonName("aziz", "bahodir", "karimov")),
        ("Aziz Bahodirovich Karimov", "UZ", PersonName("aziz", "bahodir", "karimov")),
        ("Aziz Karimov", "UZ", PersonName("aziz", None, "karimov")),
        ("Karimova Nilufar", "UZ", PersonName("nilufar", None, "karimova")),
        ("Boboyev Ulugbek Elyorovich", None, PersonName("ulugbek", "elyor", "boboyev")),
        ("Khalid bin Ahmed Al Farsi", "OM", PersonName("khalid", "ahmed", "alfarsi")),
        ("عبد الله بن سعود القحطاني", None, PersonName("abdullah", "saud", "alqahtani")),
        ("Smith, John A", "US", PersonName("john", "a", "smith")),
        ("Ludwig van Beethoven", None, PersonName("ludwig", None, "van beethoven")),
        ("Mary Wanjiru Kamau", "KE", PersonName("mary", "wanjiru", "kamau")),
        ("Asha Juma binti Ali", "TZ", PersonName("asha", "juma", "ali")),
        ("Asha", "KE", PersonName("asha", None, None)),
        ("John Smith, Jr.", None, PersonName("john", None, "smith")),
        ("Jane Doe, MD, PhD", "US", PersonName("jane", None, "doe")),
        ("Smith, John, Jr.", None, PersonName("john", None, "smith")),
        ("Rahman, Md", None, PersonName("md", None, "rahman")),
        ("Al Gore", None, PersonName("al", None, "gore")),
        ("Mr. Al Pacino Jr.", "US", PersonName("al", None, "pacino")),
        ("Al Farsi", "OM", PersonName("alfarsi", None, None)),
        ("Al-Farsi", None, PersonName("alfarsi", None, None)),
        ("آل ثاني", None, PersonName("althani", None, None)),
        ("Nguyen Van Le", None, PersonName("le", "van", "nguyen")),
        ("TRAN THI MINH ANH", None, PersonName("anh", "thi minh", "tran")),
        ("Mai van der Berg", None, PersonName("mai", None, "van der berg")),
        ("Nguyen Van", None, PersonName("nguyen", None, "van")),
    ],
)
def test_a_full_name_is_taken_apart_by_the_customs_of_its_country(
    typed: str, country: str | None, expected: PersonName
) -> None:
    assert parse_full_name(typed, country) == expected


def test_a_full_name_without_letters_has_no_parts() -> None:
    assert parse_full_name(" - ", "KE") is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("John Smith Jr.", "jr"),
        ("John Smith, Junior", "jr"),
        ("Smith Sr", "sr"),
        ("John Smith III", "iii"),
        ("John Smith Jr. PhD", "jr"),
        ("John Smith", None),
        ("Junior", None),
    ],
)
def test_the_generation_is_read_from_the_end_of_a_name(typed: str, expected: str | None) -> None:
    assert generation_of(typed) == expected


def test_the_script_of_a_name_is_told_where_it_is_not_latin() -> None:
    typed = pa.array(["Ana", "Đức", "Сергей", "محمد", "Dr. משה", None, "王伟"])
    expected = [None, None, "cyrillic", "arabic", "hebrew", None, "other"]
    assert name_scripts(typed).to_pylist() == expected


def test_columns_keep_their_nulls_and_their_order() -> None:
    column = pa.chunked_array([["Đức", None], ["Đức", "Ana"]])
    assert normalise_names(column).to_pylist() == ["duc", None, "duc", "ana"]
    parsed = parse_full_names(pa.array(["Asha Ali", None]), pa.array([None, "KE"], pa.string()))
    expected = {"given_name": "asha", "middle_name": None, "family_name": "ali"}
    assert parsed.to_pylist() == [expected, None]


def test_a_full_name_that_many_carry_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[str, str | None]] = []

    def take(text: str, country: str | None = None) -> PersonName | None:
        taken.append((text, country))
        return parse_full_name(text, country)

    monkeypatch.setattr(names, "parse_full_name", take)
    column = pa.array(["Asha Ali", "Asha Ali", None, "Asha Ali"])
    found = parse_full_names(column, pa.array(["KE", "KE", "KE", None], pa.string()))
    assert taken == [("Asha Ali", "KE"), ("Asha Ali", None)]
    assert [name and name["given_name"] for name in found.to_pylist()] == [
        "asha",
        "asha",
        None,
        "asha",
    ]

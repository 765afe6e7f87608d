"""A spec that is wrong is refused with its file and key."""

from pathlib import Path

import pytest

from orchestration.identity.errors import RecordsError, SpecError
from orchestration.identity.fields import Holding
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.spec_tables import read_records

GOOD = """
task: dedupe
sources:
- source: people
  file: people.csv
  record_id: id
  roles: {given_name: first, birth_date: {column: born, format: '%d.%m.%Y'}}
"""

BIRTH, PHONE = "sources[0].roles.birth_date", "sources[0].roles.phone"


def write(folder: Path, spec: str, people: str = "id,first,born\n1,Ana,17.3.1985\n") -> Path:
    (folder / "people.csv").write_text(people, encoding="utf-8")
    path = folder / "resolve.yml"
    path.write_text(spec, encoding="utf-8")
    return path


def test_a_good_spec_is_read(tmp_path: Path) -> None:
    rows = read_records(read_spec(write(tmp_path, GOOD))).to_pylist()
    assert len(rows) == 1
    known = {name: value for name, value in rows[0].items() if value is not None}
    assert known == {
        "source_record_id": "people:1",
        "source_system": "people",
        "given_name": "ana",
        "birth_year": 1985,
        "birth_month": 3,
        "birth_day": 17,
    }


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("task: dedupe", "task: guess", "task"),
        ("task: dedupe", "task: link", "sources"),
        ("task: dedupe", "tusk: dedupe", "tusk"),
        ("- source: people", "- sauce: people", "sources[0].sauce"),
        ("  record_id: id\n", "", "sources[0].record_id"),
        ("first,", "{column: first, held: shared},", "sources[0].roles.given_name.held"),
        (
            "given_name: first",
            "national_id: {column: first, held: mine}",
            "sources[0].roles.national_id.held",
        ),
        ("given_name: first", "nickname: first", "sources[0].roles.nickname"),
        ("given_name: first", "given_name: [first]", "sources[0].roles.given_name"),
        ("given_name: first", "given_name: {join: first}", "sources[0].roles.given_name.join"),
        ("given_name: first", "given_name: {map: {a: b}}", "sources[0].roles.given_name"),
        ("given_name: first", "given_name: frist", "sources[0].roles.given_name"),
        ("record_id: id", "record_id: idd", "sources[0].record_id"),
        ("people.csv", "peoples.csv", "sources[0].file"),
        ("%d.%m.%Y", "%d.%m.%Y %H", "sources[0].roles.birth_date.format"),
        ("%d.%m.%Y", "%Y %Y", "sources[0].roles.birth_date.format"),
        ("%d.%m.%Y", "%Y-%m-%d", "sources[0].roles.birth_date.format"),
        ("'%d.%m.%Y'", "[x]", "sources[0].roles.birth_date.format"),
        ("column: born, format: '%d.%m.%Y'", "year: first, month: born", BIRTH + ".month"),
        ("given_name: first", "phone: {column: first, country: [KE]}", PHONE + ".country"),
        ("given_name: first", "phone: {column: first, country: Kenya}", PHONE + ".country"),
        ("record_id: id", "record_id: id\n  delimiter: [a]", "sources[0].delimiter"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SpecError) as caught:
        read_records(read_spec(path))
    assert caught.value.file == "resolve.yml"
    assert caught.value.key == key


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "task: [", "sources: []"])
def test_what_is_no_spec_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SpecError, match=r"^resolve\.yml: "):
        read_spec(write(tmp_path, content))


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD.partition("sources:\n")[2]
    with pytest.raises(SpecError, match=r"sources\[1\]\.source: 'people' is used twice"):
        read_spec(write(tmp_path, twice))


def test_a_record_id_that_occurs_twice_is_named(tmp_path: Path) -> None:
    people = "id,first,born\n1,Ana,1.1.1980\n1,Eve,1.1.1981\n"
    with pytest.raises(RecordsError, match="people:1"):
        read_records(read_spec(write(tmp_path, GOOD, people)))


def test_a_file_that_is_not_utf8_is_refused_until_its_encoding_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    rows = "id,first,born\n1,Jos\u00e9,1.1.1980\n2,Ren\u00e9e,1.1.1981\n"
    (tmp_path / "people.csv").write_bytes(rows.encode("latin-1"))
    with pytest.raises(SpecError, match="encoding"):
        read_records(read_spec(path))
    path.write_text(GOOD.replace("record_id", "encoding: latin-1\n  record_id"), encoding="utf-8")
    assert read_records(read_spec(path))["given_name"].to_pylist() == ["jose", "renee"]


def test_roles_may_join_map_and_put_dates_together(tmp_path: Path) -> None:
    spec = """
task: dedupe
sources:
- source: people
  file: people.csv
  record_id: id
  roles:
    full_name: name
    country: land
    phone: tel
    sex: {column: s, map: {Male: m, Female: f}}
    street: {join: [no, road], separator: ' '}
    birth_date: {year: y, month: m, day: d}
"""
    people = (
        "id,name,land,tel,s,no,road,y,m,d\n"
        "1,Nguyễn Văn Đức,VN,0912345678,MALE,12,Le Loi,1985,3,17\n"
        "2,,,,,,,,,\n"
        "3,Ana Silva Jr,,0912 345 678,x,,Main Street,1985,,\n"
    )
    rows = read_records(read_spec(write(tmp_path, spec, people))).to_pylist()
    known = [{k: v for k, v in row.items() if v is not None and k[:6] != "source"} for row in rows]
    assert known == [
        {
            "given_name": "duc",
            "middle_name": "van",
            "family_name": "nguyen",
            "birth_year": 1985,
            "birth_month": 3,
            "birth_day": 17,
            "sex": "m",
            "phone": "+84912345678",
            "street": "12 le loi",
        },
        {},
        {
            "given_name": "ana",
            "family_name": "silva",
            "generation": "jr",
            "birth_year": 1985,
            "birth_month": 0,
            "birth_day": 0,
            "phone": "0912345678",
            "street": "main st",
        },
    ]


def test_a_spec_says_how_people_hold_their_ids(tmp_path: Path) -> None:
    roles = "national_id: {column: first, held: one per person}, loyalty_id: {column: born, held: "
    spec = write(tmp_path, GOOD.replace("given_name: first, birth_date", roles + "shared}, email"))
    text = spec.read_text(encoding="utf-8").replace("{column: born, format: '%d.%m.%Y'}", "born")
    spec.write_text(text, encoding="utf-8")
    assert read_spec(spec).holdings == {"national_id": Holding.ONE, "loyalty_id": Holding.SHARED}


def test_sources_must_not_contradict_each_other_about_an_id(tmp_path: Path) -> None:
    said = GOOD.replace("given_name: first", "loyalty_id: {column: first, held: shared}")
    other = said.partition("sources:\n")[2].replace("source: people", "source: more")
    spec = write(tmp_path, said + other.replace("held: shared", "held: one per person"))
    with pytest.raises(SpecError, match=r"roles\.loyalty_id\.held"):
        read_spec(spec)


def test_an_id_may_begin_with_the_sign_that_others_use_for_comments(tmp_path: Path) -> None:
    rows = [f"{'#' if number % 10 == 0 else ''}{number},Ana,1.1.1980" for number in range(1, 51)]
    people = "\n".join(["id,first,born", *rows])
    assert read_records(read_spec(write(tmp_path, GOOD, people))).num_rows == 50


def test_a_row_without_an_id_is_told_with_file_and_key(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, "id,first,born\n1,Ana,1.1.1980\n,Eve,1.1.1981\n")
    problem = r"resolve\.yml: sources\[0\]\.record_id: 1 rows of people\.csv have no 'id'"
    with pytest.raises(RecordsError, match=problem):
        read_records(read_spec(path))


def test_a_column_may_have_a_quotation_mark_in_its_name(tmp_path: Path) -> None:
    spec = GOOD.replace("given_name: first", "given_name: 'the \"first\"'")
    people = 'id,"the ""first""",born\n1,Ana,1.1.1980\n'
    assert read_records(read_spec(write(tmp_path, spec, people)))["given_name"].to_pylist() == [
        "ana"
    ]


def test_parts_of_a_date_cost_only_themselves(tmp_path: Path) -> None:
    parts = "birth_date: {year: y, month: m, day: d}"
    spec = GOOD.replace("birth_date: {column: born, format: '%d.%m.%Y'}", parts)
    people = 'id,first,y,m,d\n1,Ana,1980.0, 5,7\n2,Eve,80,March,31\n3,Bo,1990,,""\n'
    found = read_records(read_spec(write(tmp_path, spec, people)))
    dates = found.select(["birth_year", "birth_month", "birth_day"]).to_pylist()
    assert [tuple(date.values()) for date in dates] == [(1980, 5, 7), (0, 3, 31), (1990, 0, 0)]


def test_dates_that_systems_fill_in_are_no_sign_of_a_wrong_format(tmp_path: Path) -> None:
    people = "id,first,born\n1,Ana,1.1.1900\n2,Eve,unknown\n"
    assert read_records(read_spec(write(tmp_path, GOOD, people)))["birth_year"].null_count == 2


def test_an_unknown_country_leaves_the_default(tmp_path: Path) -> None:
    roles = "country: first, phone: {column: born, country: ke}"
    spec = GOOD.replace("given_name: first", roles).partition(", birth_date")[0] + "}\n"
    people = "id,first,born\n1,XX,0712345678\n2,UK,02079460958\n3,,0712345678\n"
    found = read_records(read_spec(write(tmp_path, spec, people)))
    assert found["phone"].to_pylist() == ["+254712345678", "+442079460958", "+254712345678"]


def test_a_region_is_the_place_only_where_no_source_knows_more(tmp_path: Path) -> None:
    people = "id,first,state,town\n1,Ana,Jalisco,Zapopan\n2,Eve,Sonora,\n"
    roles = GOOD.partition("roles:")[0] + "roles: {region: state"
    alone = read_records(read_spec(write(tmp_path, roles + "}\n", people)))
    assert alone["city"].to_pylist() == ["jalisco", "sonora"]
    beside = read_records(read_spec(write(tmp_path, roles + ", city: town}\n", people)))
    assert beside["city"].to_pylist() == ["zapopan", None]

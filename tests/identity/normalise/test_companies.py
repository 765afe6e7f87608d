"""A business keeps its name whatever legal form and trading name are written around it."""

import pytest

from orchestration.identity.normalise.companies import business_names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Kili Foods Ltd", ("kili foods",)),
        ("KILI FOODS LIMITED", ("kili foods",)),
        ("The Kili Foods Co., Ltd.", ("kili foods",)),
        ("Pearl Hotels W.L.L", ("pearl hotels",)),
        ("Pearl Hotels (WLL)", ("pearl hotels",)),
        ("Công ty TNHH Một Thành Viên Hoa Sen", ("hoa sen",)),
        ("ООО Ромашка", ("romashka",)),
        ('MCHJ "Registan Textiles"', ("registan textiles",)),
        ("شركة النور ذ.م.م", ("alnour",)),
        ("Johnson & Johnson Inc", ("johnson and johnson",)),
        ("Kili Foods Ltd t/a Simba Grill", ("kili foods", "simba grill")),
        ("Simba Grill (Kili Foods L.L.C.)", ("simba grill", "kili foods")),
        ("Kili Foods trading as Simba Grill", ("kili foods", "simba grill")),
        ("AG Motors", ("ag motors",)),
        ("Ltd", ()),
        ("", ()),
    ],
)
def test_legal_forms_and_trading_names_are_taken_apart(typed: str, names: tuple[str, ...]) -> None:
    assert business_names(typed) == names

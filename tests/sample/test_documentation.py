import pytest

from orchestration.sample.dirt import load_dirt
from orchestration.settings import PROJECT_DIR

KINDS = load_dirt().kinds


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_documentation_has_the_rates_that_are_used(kind):
    one = KINDS[kind]
    own = ", ".join(f"{source} {rate:g}" for source, rate in one.sources.items()) or "–"
    row = f"| `{kind}` | {one.rate:g} | {own} | {one.meaning} |"
    assert row in (PROJECT_DIR / "docs" / "sample.md").read_text(encoding="utf-8")

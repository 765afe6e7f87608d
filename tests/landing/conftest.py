"""One door for each test."""

from pathlib import Path

import pytest

from tests.landing.doorway import Doorway


@pytest.fixture
def door(tmp_path: Path) -> Doorway:
    return Doorway(tmp_path)

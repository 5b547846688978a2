"""A house for the stories of nights: an empty drop folder and nothing else."""

from pathlib import Path

import pytest

from tests.stories.nights import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "drop")

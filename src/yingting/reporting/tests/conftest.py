import pytest

from yingting.foundation.lake.store import Lake


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")

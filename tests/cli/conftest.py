"""The file that commands are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.manuscripts import sample


@pytest.fixture
def file(tmp_path: Path) -> str:
    name, data = sample()
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)

from __future__ import annotations

import pytest

from components.export import file_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Whale", "the-whale"),
        ("Ünder Öde", "ünder-öde"),
        ("../../etc/passwd", "etc-passwd"),
        ('a<b>:"c"|d?*\\e/f\0g\n', "a-b-c-d-e-f-g"),
        ("", "manuscript"),
        ("...", "manuscript"),
        ("CON", "con"),
        ("x" * 300, "x" * 56),
        ("海" * 300, "海" * 56),
    ],
)
def test_it_is_one_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(title, "report", "docx") == f"{name}-report.docx"
    assert len(file_name(title, "comparison", "docx").encode()) < 255

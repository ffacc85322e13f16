"""No level of an answer's headings is skipped, block by block as it is written."""

from __future__ import annotations

import re

import pytest

from components.markdown import Blocks, Headings, to_html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1 2 3 2 1", "2 3 4 3 2"),
        ("3 3 4", "2 2 3"),
        ("2 5 5 3 2", "2 3 3 3 2"),
        ("3 1 4", "2 2 3"),
        ("1 2 3 4 5 6", "2 3 4 5 6 6"),
    ],
)
def test_levels(written: str, shown: str) -> None:
    blocks = Blocks()
    blocks.feed("\n\n".join(f"{'#' * int(one)} Heading\n\nText." for one in written.split()))
    blocks.finish()
    headings = Headings()
    html = "".join(to_html(one, headings=headings) for one in blocks.settled)
    assert " ".join(re.findall(r"<h(\d)>", html)) == shown
    assert re.findall(r"<h(\d)>", html) == re.findall(r"</h(\d)>", html)


def test_they_begin_below_what_they_stand_under() -> None:
    headings = Headings(4)
    assert [headings.level(one) for one in (2, 3, 4, 2)] == [4, 5, 6, 4]


def test_a_text_that_is_not_finished_changes_nothing() -> None:
    headings = Headings()
    headings.level(2)
    assert headings.copy().level(3) == 3
    assert headings.level(2) == 2

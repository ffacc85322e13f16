"""The live tail: completed, not changed, and without jumps."""

from __future__ import annotations

import re

import pytest

from components.markdown import Blocks, tail_preview, to_html
from components.markdown.tail_preview import MAX_LENGTH, REACH
from tests.markdown.answers import ANALYSIS, ANSWERS, mixed, punctuation


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        ("He is **slow mid", "He is **slow mid**"),
        ("He is **", "He is "),
        ("He is **slow*", "He is **slow**"),
        ("***both", "***both***"),
        ("*under and __over", "*under and __over__*"),
        ("~~gone", "~~gone~~"),
        ("some `co", "some `co`"),
        ("some ``co ` ", "some ``co ` "),
        ("a **b `c", "a **b `c`**"),
        ("`**` and", "`**` and"),
        ("# Head **ing", "# Head **ing**"),
        ("> a *b", "> a *b*"),
        ("- a\n  - **b", "- a\n  - **b**"),
        ("open **here\nand ", "open **here\nand**"),
        ("5 * 3 and snake_case", "5 * 3 and snake_case"),
        ("ends with a \\", "ends with a "),
        ("ends with a \\\n", "ends with a \n"),
        ("ends with a \\\\", "ends with a \\\\"),
        ("Reasons:\n-", "Reasons:\n"),
        ("Reasons:\n- ", "Reasons:\n"),
        ("Reasons:\n  1. **", "Reasons:\n"),
        ("Reasons:\n12", "Reasons:\n"),
        ("Reasons:\n==", "Reasons:\n"),
        ("Text\n\n##", "Text\n\n"),
        ("Text\n``", "Text\n"),
        ("| a | b", "| a | b\n|---|---|"),
        ("| a | **b", "| a | **b**\n|---|---|"),
        ("Text:\n| a | b |\n", "Text:\n| a | b |\n|---|---|"),
        ("| a | b |\n|--", "| a | b |\n|---|---|"),
        ("| a \\| b", "| a \\| b\n|---|"),
        ("|a|\n|-|\n| **c", "|a|\n|-|\n| **c**"),
        ("```\n| a | **b", "```\n| a | **b"),
        ("```\ncode\n``", "```\ncode\n"),
        ("    code **", "    code "),
        ("finished **open\n\n", "finished **open\n\n"),
        ("---\n", "---\n"),
        ("", ""),
    ],
)
def test_what_is_shown(tail: str, shown: str) -> None:
    assert tail_preview(tail) == shown


def test_only_markers_are_left_out_and_only_markers_are_added() -> None:
    for text in [*ANSWERS, *map(mixed, range(60)), *(punctuation(s, 40) for s in range(60))]:
        for end in range(len(text)):
            tail = text[max(0, end - 300) : end]
            shown = tail_preview(tail)
            same = 0
            while same < min(len(tail), len(shown)) and tail[same] == shown[same]:
                same += 1
            assert re.fullmatch(r"[-+*=#>|:~`_\\\s0-9.)]*", tail[same:]), (tail, shown)
            assert re.fullmatch(r"[*_~`\s]*[|-]*", shown[same:]), (tail, shown)


def test_what_is_shown_of_an_analysis_only_grows() -> None:
    """The text on the screen at each character continues the text at the one before."""
    blocks = Blocks()
    before = ""
    jumps = []
    for character in ANALYSIS[: ANALYSIS.index("| Chapter")]:
        blocks.feed(character)
        html = "".join(map(to_html, blocks.settled)) + to_html(tail_preview(blocks.tail))
        text = re.sub(r"<[^>]*>|\s", "", html)
        if not text.startswith(before):
            jumps.append((before[-20:], text[-20:]))
        before = text
    assert jumps == []


def test_a_lone_marker_does_not_reach_far() -> None:
    assert tail_preview("*a note" + " word" * 20).endswith("word*")
    assert tail_preview("*a note" + " word" * REACH).endswith("word")
    assert tail_preview("`a note" + " word" * REACH).endswith("word")


def test_a_long_tail_is_left_alone() -> None:
    tail = "**a " * MAX_LENGTH
    assert tail_preview(tail) is tail


@pytest.mark.parametrize(
    "unit", ["**a ", "`", "`a ``b ```c ", "*a_", "| a ", "> ", "- ", "\\", "[", "1", " "]
)
def test_one_unit_many_times_is_shown(unit: str) -> None:
    """Each of these once took quadratic time; markers alone are left out."""
    tail = unit * (MAX_LENGTH // len(unit))
    shown = tail_preview(tail)
    assert len(shown) <= 3 * len(tail)
    assert re.sub(r"[\W_]", "", shown) == re.sub(r"[\W_]", "", tail)

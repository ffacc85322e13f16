"""Markdown to blocks, without its marks."""

from __future__ import annotations

import pytest

from components.manuscripts.formats import markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It was *very* late.", "It was very late."),
        ("It was **very** _late_.", "It was very late."),
        ("***All*** of it, *“so,”* he said.", "All of it, “so,” he said."),
        ("*One* and *two*", "One and two"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name and a_b", "snake_case_name and a_b"),
        ("A star\\* and \\_one\\_", "A star* and _one_"),
        ("*open", "*open"),
        ("See [the river](http://a.example/b).", "See the river."),
        ("1886\\. It rained.", "1886. It rained."),
        ("[a] (b)", "[a] (b)"),
    ],
)
def test_marks(text, shown):
    assert markdown.unmarked(text) == shown


def test_headings_rules_and_quotations():
    text = (
        "# The *Storm*\n\nTitle\n=====\n\nA\n\n***\n\nB\n\n- - -\n\n> Quoted\n> twice\n\n"
        "```\n# code\n```\n\n#hashtag"
    )
    blocks = [(block.role, block.level, block.text) for block in markdown.blocks(text)]
    assert blocks[:3] == [("heading", 1, "The Storm"), ("heading", 1, "Title"), ("body", 0, "A")]
    assert [role for role, _, _ in blocks].count("break") == 2
    assert ("body", 0, "Quoted\ntwice") in blocks
    assert [role for role, _, _ in blocks].count("heading") == 2
    assert blocks[-1] == ("body", 0, "#hashtag")

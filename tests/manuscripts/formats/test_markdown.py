"""Markdown to blocks, without its marks."""

from __future__ import annotations

import pytest

from components.manuscripts.formats import markdown
from tests.manuscripts.novels import body, headed, prose, read


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


def test_html_is_markup():
    chapters = "".join(
        f"<h1>Chapter {n}</h1>\n\n<center>***</center>\n\n<p>{prose(n)} A<br/>B &amp; C</p>\n\n"
        for n in (1, 2)
    )
    got = read(f"<!-- not for print -->\n{chapters}if 2 < 3 or <Ada> comes", markdown=True)
    assert [chapter.number for chapter in headed(got)] == [1, 2]
    assert "B & C" in got.text.split("\n")
    assert got.text.endswith("if 2 < 3 or <Ada> comes")
    assert not any(mark in got.text for mark in ("<h1", "<p>", "center", "print"))
    assert got.warnings


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: 'The Mill: A Novel'\nauthor:\n  - name: Ada Field\nlang: en-GB\n---",
        "---\ntitle: The Mill: A Novel\nauthor: Ada Field\nlang: en-GB\n---",
        '+++\ntitle = "The Mill: A Novel"\nauthor = ["Ada Field"]\nlanguage = "en-GB"\n+++',
    ],
)
def test_the_head_of_a_file(head):
    chapters = "".join(f"# Chapter {n} {{#c{n} .unnumbered}}\n\n{prose(n)}\n\n" for n in (1, 2))
    got = read(f"{head}\n\n{chapters}", markdown=True)
    assert (got.title, got.author, got.language) == ("The Mill: A Novel", "Ada Field", "en-GB")
    assert [chapter.heading for chapter in headed(got)] == ["Chapter 1", "Chapter 2"]
    assert body(got, headed(got)[0]) == prose(1)
    assert got.text.startswith("Chapter 1")


@pytest.mark.parametrize("head", ["---\nIt rained.\n---", "---\n: {[\n---", "+++\nIt rained.\n+++"])
def test_rules_around_a_text_are_no_head(head):
    got = read(f"{head}\n\n# Chapter 1\n\n{prose(1)}", markdown=True)
    assert head.split("\n")[1] in got.text


def test_a_heading_of_html_goes_over_lines():
    text = "".join(f"<h1>\nChapter {n}<br/>\nRain\n</h1>\n\n{prose(n)}\n\n" for n in (1, 2))
    got = headed(read(text, markdown=True))
    assert [(one.number, one.title) for one in got] == [(1, "Rain"), (2, "Rain")]


def test_headings_without_their_space_where_they_say_what_they_head():
    text = "".join(f"#Chapter {number}\n\n{prose(number)}\n\n#rain #late\n\n" for number in (1, 2))
    got = read(text, markdown=True)
    assert [chapter.heading for chapter in headed(got)] == ["Chapter 1", "Chapter 2"]
    assert "#rain #late" in got.text


def test_the_marks_of_pandoc():
    text = "::: {.epigraph}\nThe [river]{.smallcaps} turned.\n:::\n\nOn."
    shown = [block.text for block in markdown.blocks(text)]
    assert shown == ["The river turned.", "On."]


def test_footnotes_stand_apart():
    got = read(
        "# One\n\nIt rained.[^1] And it[^long] went on.[^lost]\n\n"
        "[^1]: So *they*\nsaid.\n[^long]: A note\n\n    of two paragraphs.\n\n# Two\n\nA river.\n\n"
        "[^nobody]: calls this one.",
        markdown=True,
    )
    assert [note.text for note in got.notes] == ["So they said.", "A note of two paragraphs."]
    assert "It rained. And it went on.[^lost]" in got.text
    assert "[^nobody]: calls this one." in got.text
    assert "So they" not in got.text
    assert got.text[: got.notes[0].at].endswith("went on.[^lost]")

"""Kinds of evidence of chapters that add up: none of them rules out what the others show."""

from __future__ import annotations

import pytest

from components.manuscripts.document import Block
from tests.manuscripts.novels import SENTENCES, headed, headings, prose, read_blocks

NAMES = ["The Ferry", "Lamps", "The Thaw", "Under the Clock", "Gutters", "Opinions", "The Dog"]


def set_with(look: str, names: list[str] = NAMES, *, words: int = 300) -> list[Block]:
    """Chapters below lines of a look."""
    blocks = []
    for seed, name in enumerate(names):
        blocks += [Block(name, look=look), *map(Block, prose(seed, words=words).split("\n\n"))]
    return blocks


def contents(*names: str) -> list[Block]:
    return [Block("Contents"), *map(Block, names)]


@pytest.mark.parametrize(
    "above",
    [
        [],
        contents(*NAMES),
        contents(*NAMES[:4]),
        contents(*NAMES[2:5]),
        [Block("Contents", "heading", level=1)],
        [Block("Contents", "heading", level=1), *map(Block, NAMES)],
    ],
    ids=["nothing", "contents", "four of seven", "three of seven", "a heading", "and its list"],
)
def test_lines_that_look_alike_beside_contents(above):
    got = read_blocks([*above, *set_with("bold 32")])
    assert [one.heading for one in headed(got) if one.kind == "chapter"] == NAMES
    assert (got.basis, got.title) == ("lines", "a")


def test_every_signal_votes_and_says_its_weight():
    alone = read_blocks(set_with("bold 32"))
    both = read_blocks([*contents(*NAMES[:4]), *set_with("bold 32")])
    assert [(vote.signal, vote.chapters) for vote in alone.evidence] == [("look", 7)]
    assert [(vote.signal, vote.chapters) for vote in both.evidence] == [
        ("contents", 4),
        ("look", 7),
    ]
    assert 0 < alone.confidence < both.confidence < 1
    assert all(0 < vote.weight < 1 for vote in both.evidence)


def test_a_navigation_that_names_one_page():
    first, *rest = set_with("p chapter-title")
    start = Block(first.text, label="Start", level=1, look=first.look)
    got = read_blocks([start, *rest], source="epub")
    assert headings(got) == NAMES
    assert {vote.signal for vote in got.evidence} == {"marks", "look"}


def test_marks_outweigh_lines_that_only_look_so():
    blocks = []
    for name in NAMES:
        blocks += [
            Block(name, "heading", level=1),
            *set_with("bold", ["A Walk " + name, "Tea " + name]),
        ]
    assert headings(read_blocks(blocks)) == NAMES


def test_numbers_that_the_file_does_not_mark():
    blocks = [Block("Rain", "heading", level=1), Block(prose(1))]
    for number in range(1, 6):
        blocks += [Block(f"Chapter {number}"), Block(prose(number))]
    got = read_blocks(blocks)
    assert [one.number for one in headed(got) if one.number] == [1, 2, 3, 4, 5]


def test_short_poems_below_titles_that_are_set_alike():
    blocks = [Block("Poems", look="bold 40")]
    for at, name in enumerate(NAMES):
        lines = (SENTENCES[(at + step) % len(SENTENCES)] for step in range(3))
        blocks += [Block(name, look="bold"), Block("\n".join(lines))]
    assert headings(read_blocks(blocks)) == NAMES


def test_the_names_of_speakers_are_no_titles():
    blocks = [
        block
        for at in range(30)
        for block in (Block(("ANNA", "BORIS")[at % 2], look="bold"), Block(SENTENCES[at % 5]))
    ]
    assert headings(read_blocks(blocks)) == []


def test_items_of_a_list_are_no_chapters():
    blocks = []
    for at in range(len(NAMES)):
        items = (f"{2 * at + 1}. Buy rope", f"{2 * at + 2}. Mend the boat")
        blocks += [*set_with("bold", [NAMES[at]]), *map(Block, items), Block(prose(at))]
    assert headings(read_blocks(blocks)) == NAMES


def test_pages_that_a_navigation_names_amid_the_text():
    first, *rest = set_with("p ct")
    last = max(at for at, block in enumerate(rest) if block.look)
    rest[last] = Block(rest[last].text, label=rest[last].text, level=1, look="p ct")
    begin = Block(first.text, label="Begin reading", level=1, look="p ct")
    assert headings(read_blocks([begin, *rest], source="epub")) == NAMES

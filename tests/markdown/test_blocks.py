"""The splitter: nothing lost, nothing taken back, and the pieces read as the whole did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from markdown_it.token import Token

from components.markdown import Blocks, to_html
from components.markdown import blocks as blocks_module
from tests.markdown.answers import ANALYSIS, ANSWERS, NUMBERED_ALIKE, cut, mixed, punctuation

CASES = [*ANSWERS, *(mixed(seed) for seed in range(250)), *(punctuation(s, 60) for s in range(250))]


def blocks_of(pieces: list[str]) -> list[str]:
    blocks = Blocks()
    for piece in pieces:
        blocks.feed(piece)
    blocks.finish()
    assert blocks.tail == ""
    return blocks.settled


class Numbers(HTMLParser):
    """Writes each item's number before it, so that lists joined again can be compared."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[int | None] = []
        self.seen: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ol", "ul"}:
            self.lists.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        elif tag == "li" and self.lists[-1] is not None:
            self.seen.append(self.lists[-1])
            self.lists[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ol", "ul"}:
            self.lists.pop()


def joined(html: str) -> tuple[str, list[int]]:
    """Return `html` with neighbouring lists made one, and the numbers of its items."""
    numbers = Numbers()
    numbers.feed(html)
    return re.sub(r'</ul><ul>|</ol><ol( start="\d+")?>', "", html), numbers.seen


@pytest.mark.parametrize("text", ANSWERS)
def test_at_every_moment_all_is_there_and_what_is_settled_stays(text: str) -> None:
    for seed in range(8):
        blocks = Blocks()
        fed = ""
        before: list[str] = []
        for piece in cut(text, seed):
            blocks.feed(piece)
            fed += piece
            assert "".join(blocks.settled) + blocks.tail == fed
            assert blocks.settled[: len(before)] == before
            before = list(blocks.settled)
        blocks.finish()
        assert "".join(blocks.settled) == text
        assert blocks.settled[: len(before)] == before


def test_the_blocks_do_not_depend_on_how_the_text_was_cut() -> None:
    for text in CASES:
        whole = blocks_of([text])
        for seed in range(4):
            assert blocks_of(cut(text, seed)) == whole, repr(text)


def test_the_pieces_render_as_the_whole_does() -> None:
    for text in CASES:
        pieces = "".join(to_html(block) for block in blocks_of(cut(text, 0)))
        assert joined(pieces) == joined(to_html(text)), repr(text)


def test_a_paragraph_is_settled_when_the_next_block_has_a_line() -> None:
    blocks = Blocks()
    blocks.feed("One.\n\nTwo, not yet")
    assert blocks.settled == []
    blocks.feed(" done.\n")
    assert blocks.settled == ["One.\n\n"]
    blocks.feed("\n- item\n")
    assert blocks.settled == ["One.\n\n", "Two, not yet done.\n\n"]
    blocks.feed("- item\n")
    assert blocks.settled[2:] == ["- item\n"]
    assert blocks.tail == "- item\n"


def test_items_keep_their_numbers() -> None:
    settled = blocks_of(cut("3. a\n\n   b\n4. c\n5. d\n", 0))
    assert settled == ["3. a\n\n   b\n", "4. c\n", "5. d\n"]
    assert [to_html(block)[:14] for block in settled] == [f'<ol start="{n}">' for n in (3, 4, 5)]


def test_items_that_do_not_count_up_stay_together() -> None:
    assert blocks_of(cut(NUMBERED_ALIKE, 0)) == [
        "Steps\n\n",
        "1. one\n1. two\n1. three\n\n",
        "End\n\n",
        "1. a\n",
        "2. b\n2. c\n3. d\n\n0. x\n1. y\n",
    ]


@pytest.mark.parametrize(
    "open_block", ["```\ncode\n\n- code\n\ncode\n", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"]
)
def test_a_fence_or_a_table_stays_in_the_tail_until_it_ends(open_block: str) -> None:
    blocks = Blocks()
    for piece in cut(open_block, 0):
        blocks.feed(piece)
    assert blocks.settled == []
    blocks.feed("```\n" if open_block.startswith("`") else "\n")
    blocks.feed("After.\n")
    assert len(blocks.settled) == 1
    assert blocks.tail == "After.\n"


def test_nothing_is_fed_after_the_end() -> None:
    blocks = Blocks()
    blocks.feed("text")
    blocks.finish()
    blocks.finish()
    assert blocks.settled == ["text"]
    with pytest.raises(ValueError, match="finished"):
        blocks.feed("more")


def parsed(monkeypatch: pytest.MonkeyPatch, text: str, width: int = 4) -> int:
    """How many characters and lines, each as long as 60, are parsed while `text` is fed."""
    cost = 0
    parse = blocks_module.block_tokens

    def counted(source: str) -> Sequence[Token]:
        nonlocal cost
        cost += len(source) + 60 * source.count("\n")
        return parse(source)

    monkeypatch.setattr(blocks_module, "block_tokens", counted)
    blocks_of([text[at : at + width] for at in range(0, len(text), width)])
    return cost


@pytest.mark.parametrize(
    ("head", "unit", "times"),
    [
        ("", ANALYSIS + "\n\n", 10),
        ("", "a word ", 8_000),
        ("", "a line of a paragraph\n", 1_000),
        ("```\n", "    code = more_code()\n\n", 1_000),
        ("|a|b|c|\n|-|-|-|\n", "| a cell | another | 3 |\n", 1_000),
        ("- item\n", "  - nested item\n\n", 1_000),
        ("", "1. item\n", 2_000),
        ("", "> a line of it\n", 1_000),
        ("", "\n", 8_000),
    ],
)
def test_parsing_is_linear_in_what_was_fed(
    monkeypatch: pytest.MonkeyPatch, head: str, unit: str, times: int
) -> None:
    text = head + unit * times
    last = len(text) + 60 * text.count("\n")  # The last parse is not paid for.
    assert parsed(monkeypatch, text) <= 100_000 + 32 * len(text) + last

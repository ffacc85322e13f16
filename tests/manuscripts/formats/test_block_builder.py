from __future__ import annotations

from dataclasses import replace

import pytest

from components.errors import LimitReached
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.document import Block
from components.manuscripts.formats.block_builder import BlockBuilder, is_ornament


def test_paragraphs_and_lines():
    blocks = BlockBuilder(limits=DEFAULT_LIMITS)
    blocks.add(Block("  One \n two\n\n \nThree\xad\n"))
    blocks.add(Block(" \n\t"))
    blocks.add(Block("Four\n\nlines", "heading", 1))
    assert [block.text for block in blocks.document("docx").blocks] == [
        "One\ntwo",
        "Three",
        "Four\nlines",
    ]


def test_gaps_and_pages_are_told():
    blocks = BlockBuilder(limits=DEFAULT_LIMITS)
    blocks.add(Block("One."))
    blocks.add(Block(""))
    blocks.add(Block(""))
    blocks.add(Block("Two."))
    blocks.new_page()
    blocks.add(Block("Three."))
    gaps = [block.gap for block in blocks.document("docx").blocks]
    assert gaps[:2] == [0, 2]
    assert gaps[2] > 2


def test_notes_hang_on_their_blocks():
    blocks = BlockBuilder(limits=DEFAULT_LIMITS)
    blocks.add(Block("One."), notes=("a",))
    blocks.add(Block(""), notes=("b",))
    blocks.add(Block("Two."), notes=("c",))
    blocks.rule()
    blocks.rule()
    blocks.add(Block(""), notes=("d",))
    document = blocks.document("docx")
    assert [block.text for block in document.blocks] == ["One.", "Two."]
    assert [(note.text, note.at) for note in document.notes] == [
        ("a", 0),
        ("b", 1),
        ("c", 1),
        ("d", 1),
    ]


@pytest.mark.parametrize(
    ("pictures", "text", "told"), [(9, "One.", 1), (9, "One. " * 999, 0), (1, "One.", 0)]
)
def test_pictures_in_the_place_of_words_are_told(pictures, text, told):
    blocks = BlockBuilder(limits=DEFAULT_LIMITS)
    blocks.add(Block(text))
    blocks.pictures = pictures
    assert len(blocks.left_out()) == told


def test_more_characters_than_a_book_has():
    blocks = BlockBuilder(limits=replace(DEFAULT_LIMITS, characters=100))
    blocks.add(Block("Ninety characters or so. " * 3))
    with pytest.raises(LimitReached, match="more than 100 characters"):
        blocks.add(Block("Some more characters than that."))


@pytest.mark.parametrize("text", ["***", "* * *", "#", "— — —", "❦", "oOo", "xxx", "~*~", "\ue000"])
def test_ornaments(text):
    assert is_ornament(text)


@pytest.mark.parametrize("text", ["", "1", "I", "…", "“…”", "?", "xx", "*word*", "O", "*" * 100])
def test_no_ornaments(text):
    assert not is_ornament(text)

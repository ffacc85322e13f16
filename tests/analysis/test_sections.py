from __future__ import annotations

import math
import random
import string
from itertools import pairwise

import pytest

from components.analysis import ManuscriptSection, passages, sections
from components.engine.context import Calibration
from components.languages import count_words
from components.manuscripts import Chapter, Manuscript
from components.manuscripts.manuscript import ChapterKind

ALPHABET = string.ascii_letters + " " * 12 + "\n" * 4 + "жλ語🐋é"


def count(text: str) -> int:
    return Calibration().tokens(text, "")


def words_count(text: str) -> int:
    """A count of another kind: words and the marks between them."""
    return len(text.split()) + text.count("\n")


def manuscript(text: str, *cuts: int, headings: tuple[str, ...] = ()) -> Manuscript:
    """A manuscript whose chapters begin at 0 and at `cuts`; without chapters where none."""
    edges = [0, *cuts, len(text)] if cuts else []
    chapters = tuple(
        Chapter(
            index,
            headings[index - 1] if headings else f"Chapter {index}",
            "chapter",
            left,
            right,
            count_words(text[left:right]),
        )
        for index, (left, right) in enumerate(pairwise(edges), 1)
    )
    return Manuscript("T", text, chapters, "txt", "0" * 64, "utf-8", None, ())


def prose(chance: random.Random, paragraphs: int) -> str:
    return "\n\n".join(
        " ".join(
            "".join(chance.choices(string.ascii_lowercase, k=chance.randint(1, 10)))
            for _ in range(chance.randint(1, 90))
        )
        for _ in range(paragraphs)
    )


def noise(chance: random.Random) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randint(0, 600)))


def tiles(found: list[ManuscriptSection], text: str) -> bool:
    return (
        found[0].start == 0
        and found[-1].end == len(text)
        and all(left.end == right.start for left, right in pairwise(found))
    )


class TestAnyText:
    @pytest.mark.parametrize("seed", range(300))
    def test_every_character_is_in_exactly_one_and_each_fits(self, seed: int) -> None:
        chance = random.Random(seed)
        text = prose(chance, chance.randint(1, 12)) if seed % 2 else noise(chance)
        cuts = sorted(chance.sample(range(1, max(len(text), 2)), k=min(seed % 4, len(text) // 2)))
        room = chance.choice([1, 2, 3, 10, 50, 200, 10_000])
        counting = chance.choice([count, words_count])
        found = sections(manuscript(text, *cuts), room=room, count=counting)
        assert tiles(found, text)
        assert "".join(text[one.start : one.end] for one in found) == text
        for one in found:
            stretch = text[one.start : one.end]
            assert one.tokens == counting(stretch)
            assert one.words == count_words(stretch)
            # What is one character cannot be split.
            assert one.tokens <= room or one.end - one.start == 1
            assert stretch or not text

    @pytest.mark.parametrize("seed", range(60))
    def test_prose_is_split_between_words_and_not_into_crumbs(self, seed: int) -> None:
        chance = random.Random(seed)
        text = prose(chance, 40)
        room = chance.choice([60, 200, 700])
        found = sections(manuscript(text), room=room, count=count)
        assert all(text[one.end - 1].isspace() for one in found[:-1])
        assert len(found) <= 3 * math.ceil(count(text) / room)

    @pytest.mark.parametrize("seed", range(60))
    def test_no_section_crosses_a_chapter(self, seed: int) -> None:
        chance = random.Random(seed)
        text = prose(chance, 12)
        cuts = sorted(chance.sample(range(1, len(text)), k=5))
        found = sections(manuscript(text, *cuts), room=chance.randint(5, 300), count=count)
        assert set(cuts) <= {one.start for one in found}


class TestWhatIsOffered:
    def test_a_text_that_fits_is_one_section(self) -> None:
        (one,) = sections(manuscript("Call me Ishmael."), room=100, count=count)
        assert one == ManuscriptSection("Whole text", 0, 16, 3, 4)

    def test_no_text_is_one_section_of_nothing(self) -> None:
        assert sections(manuscript(""), room=100, count=count) == [
            ManuscriptSection("Whole text", 0, 0, 0, 0)
        ]

    def test_paragraphs_are_kept_whole_where_they_fit(self) -> None:
        paragraph = "word " * 79 + "word"
        text = "\n\n".join([paragraph] * 6)
        found = sections(manuscript(text), room=count(paragraph * 2) + 4, count=count)
        assert all(text[one.start : one.end].strip().startswith("word word") for one in found)
        assert all("\n\n" in text[one.end - 2 : one.end + 2] for one in found[:-1])

    def test_passages_are_of_like_size(self) -> None:
        text = prose(random.Random(1), 200)
        found = sections(manuscript(text), room=count(text) // 2 - 1, count=count)
        sizes = [one.tokens for one in found]
        assert len(sizes) == 3
        assert max(sizes) < 1.3 * min(sizes)

    def test_chapters_that_fit_are_themselves(self) -> None:
        whole = manuscript("One. Two. ", 5)
        labels = [one.label for one in sections(whole, room=100, count=count)]
        assert labels == ["Chapter 1", "Chapter 2"]

    def test_a_chapter_that_does_not_fit_comes_in_numbered_passages(self) -> None:
        text = "short " + "word " * 200
        found = sections(manuscript(text, 6), room=count(text) // 2, count=count)
        assert [one.label for one in found] == [
            "Chapter 1",
            *(f"Chapter 2, passage {n} of {len(found) - 1}" for n in range(1, len(found))),
        ]
        assert len(found) > 2

    def test_a_text_without_chapters_comes_in_passages(self) -> None:
        text = "word " * 200
        found = sections(manuscript(text), room=count(text) // 2, count=count)
        assert found[0].label == f"Passage 1 of {len(found)}"

    def test_a_bare_number_is_called_a_chapter(self) -> None:
        whole = manuscript("One. Two. ", 5, headings=("1", "The Whale"))
        labels = [one.label for one in sections(whole, room=100, count=count)]
        assert labels == ["Chapter 1", "The Whale"]

    @pytest.mark.parametrize(
        ("kind", "label"), [("prologue", "Prologue"), ("front", "Front"), ("chapter", "Chapter")]
    )
    def test_a_chapter_without_a_heading_has_its_kind(self, kind: ChapterKind, label: str) -> None:
        chapters = (Chapter(1, "", kind, 0, 4, 1),)
        whole = Manuscript("T", "One.", chapters, "txt", "0" * 64, "utf-8", None, ())
        assert [one.label for one in sections(whole, room=100, count=count)] == [label]

    @pytest.mark.parametrize("room", [0, -1, -500])
    def test_where_nothing_fits_nothing_is_split(self, room: int) -> None:
        """A model with no room for a word is not offered a hundred thousand passages."""
        text = "word " * 2000
        assert len(sections(manuscript(text), room=room, count=count)) == 1
        assert len(sections(manuscript(text, 500), room=room, count=count)) == 2


class TestJoined:
    WHOLE = manuscript("One.\n\nTwo.\n\nThree.", 6, 12)

    def test_in_the_manuscripts_order(self) -> None:
        one, two, three = sections(self.WHOLE, room=100, count=count)
        ranges = [(part.start, part.end) for part in (one, two, three)]
        assert passages(self.WHOLE, [ranges[2], ranges[0]]) == "One.\n\nThree."
        assert passages(self.WHOLE, [ranges[1], ranges[2], ranges[0]]) == self.WHOLE.text

    def test_of_nothing_is_nothing(self) -> None:
        assert passages(self.WHOLE, []) == ""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from components.manuscripts import FRONT_HEADING, Chapter, Manuscript, outline_edits
from components.manuscripts.outline_edits import (
    KINDS,
    body_start,
    breaks,
    heading_start,
    located,
    mark,
    merge,
    opening,
    outline,
    rename,
    split,
)

PARAGRAPHS = (
    "THE LIGHTHOUSE",
    "by Nobody",
    "PART ONE",
    "Chapter 1",
    "The rain fell all day, and nobody came.",
    "A second paragraph, of some more words than that.",
    "Chapter 2. The Boat",
    "She rowed out at dawn.\nThe sea was grey.",
    "Storm",
    "The mast broke first.",
    "PART TWO",
    "Chapter 3",
    "Nothing was left of it.",
    "Afterword",
    "I wrote this in a winter.",
)
TEXT = "\n\n".join(PARAGRAPHS)


def at(paragraph: str) -> int:
    return TEXT.index(paragraph)


def made(*sections: tuple[str, str, str, str]) -> Manuscript:
    """A manuscript with sections of (kind, heading, first paragraph, part)."""
    starts = [at(first) for _, _, first, _ in sections]
    chapters = []
    ends = [*starts[1:], len(TEXT)]
    for (kind, heading, _, part), start, end in zip(sections, starts, ends, strict=True):
        where = TEXT.index(heading, start) if heading in TEXT else start
        body = where + len(heading) + 2 if heading in TEXT else start
        number = next((int(word[0]) for word in heading.split() if word[0].isdigit()), None)
        chapters.append(
            Chapter(
                index=len(chapters) + 1,
                heading=heading,
                kind=kind,  # type: ignore[arg-type]
                start=start,
                end=end,
                words=len(TEXT[body:end].split()),
                number=number,
                part=part,
                heading_start=where,
                body_start=body,
            )
        )
    return Manuscript(
        "The Lighthouse", TEXT, tuple(chapters), "txt", "a" * 64, "utf-8", None, (),
        basis="numbering", confidence=0.9,
    )  # fmt: skip


@pytest.fixture
def book() -> Manuscript:
    """Two parts: the first on a page of its own, the second at the head of its first chapter."""
    return made(
        ("front", FRONT_HEADING, "THE LIGHTHOUSE", ""),
        ("part", "PART ONE", "PART ONE", ""),
        ("chapter", "Chapter 1", "Chapter 1", "PART ONE"),
        ("chapter", "Chapter 2. The Boat", "Chapter 2. The Boat", "PART ONE"),
        ("chapter", "Chapter 3", "PART TWO", "PART TWO"),
        ("back", "Afterword", "Afterword", ""),
    )


def headings(manuscript: Manuscript) -> list[str]:
    return [one.heading for one in manuscript.chapters]


def holds(manuscript: Manuscript) -> None:
    """What is true of every outline."""
    chapters = manuscript.chapters
    assert manuscript.text == TEXT
    assert chapters[0].start == 0
    assert chapters[-1].end == len(TEXT)
    assert all(one.end == two.start for one, two in pairwise(chapters))
    assert [one.index for one in chapters] == list(range(1, len(chapters) + 1))
    for one in chapters:
        assert one.start < one.end
        assert one.start <= heading_start(one) <= body_start(one) <= one.end
        assert one.words == len(TEXT[body_start(one) : one.end].split())
        assert one.heading.strip()
        assert all(body_start(one) <= scene < one.end for scene in one.scenes)


def test_renaming_takes_over_a_number_and_leaves_the_text(book: Manuscript) -> None:
    renamed = rename(book, 4, "  Chapter 7:  The\nRaft ")
    changed = renamed.chapters[3]
    assert (changed.heading, changed.number, changed.title) == (
        "Chapter 7: The Raft",
        7,
        "The Raft",
    )
    assert replace(changed, heading="", number=0, title="") == replace(
        book.chapters[3], heading="", number=0, title=""
    )
    assert renamed.basis == "editor"
    assert renamed.confidence == 1.0
    holds(renamed)


def test_a_name_without_a_number_keeps_the_chapters_place_in_the_count(book: Manuscript) -> None:
    assert rename(book, 4, "The Boat").chapters[3].number == 2
    assert rename(book, 6, "12 Angry Whales").chapters[5].number is None


def test_renaming_a_part_renames_it_for_the_chapters_in_it(book: Manuscript) -> None:
    renamed = rename(book, 2, "Book the First")
    assert [one.part for one in renamed.chapters] == [
        "", "", "Book the First", "Book the First", "PART TWO", "",
    ]  # fmt: skip


def test_merging_keeps_the_heading_of_the_one_before(book: Manuscript) -> None:
    merged = merge(book, 4)
    assert headings(merged) == [FRONT_HEADING, "PART ONE", "Chapter 1", "Chapter 3", "Afterword"]
    assert TEXT[body_start(merged.chapters[2]) :].startswith("The rain")
    assert merged.chapters[2].end == at("PART TWO")
    holds(merged)


def test_merging_with_a_page_before_it_keeps_the_chapters_own_heading(book: Manuscript) -> None:
    merged = merge(merge(book, 3), 2)
    first = merged.chapters[0]
    assert (first.heading, first.kind, first.number) == ("Chapter 1", "chapter", 1)
    assert (first.start, first.words) == (0, book.chapters[2].words)
    assert TEXT[heading_start(first) :].startswith("Chapter 1")
    holds(merged)
    # Which is what splitting takes apart again.
    apart = split(merged, 1, at("PART ONE"))
    assert [one.kind for one in apart.chapters[:2]] == ["front", "chapter"]
    assert apart.chapters[0].heading == FRONT_HEADING
    again = split(apart, 2, at("Chapter 1"))
    assert [(one.kind, one.heading) for one in again.chapters[1:3]] == [
        ("part", "PART ONE"),
        ("chapter", "Chapter 1"),
    ]
    assert again.chapters[2].part == "PART ONE"
    holds(again)


def test_the_first_chapter_has_none_to_be_merged_with(book: Manuscript) -> None:
    with pytest.raises(ValueError, match="before"):
        merge(book, 1)


def test_a_heading_at_the_split_becomes_the_heading(book: Manuscript) -> None:
    parted = split(book, 4, at("Storm"))
    new = parted.chapters[4]
    assert (new.heading, new.title, new.kind, new.part) == ("Storm", "Storm", "chapter", "PART ONE")
    assert TEXT[body_start(new) :].startswith("The mast")
    assert TEXT[parted.chapters[3].start : parted.chapters[3].end].rstrip().endswith("grey.")
    holds(parted)


def test_a_paragraph_without_heading_is_called_after_its_chapter(book: Manuscript) -> None:
    parted = split(book, 3, at("A second"))
    assert headings(parted)[2:4] == ["Chapter 1", "Chapter 1 (2)"]
    assert TEXT[body_start(parted.chapters[3]) :].startswith("A second")
    holds(parted)
    assert headings(split(merge(parted, 4), 3, at("A second")))[3] == "Chapter 1 (2)"


def test_what_is_named_at_the_split_is_of_its_kind(book: Manuscript) -> None:
    merged = merge(book, 6)
    parted = split(merged, 5, at("Afterword"))
    assert (parted.chapters[5].kind, parted.chapters[5].heading) == ("back", "Afterword")


@pytest.mark.parametrize("where", [0, 3, len(TEXT), -1])
def test_only_a_paragraph_can_begin_a_chapter(book: Manuscript, where: int) -> None:
    with pytest.raises(ValueError, match="paragraph"):
        split(book, 1, where)


def test_marking_a_part_puts_what_follows_into_it(book: Manuscript) -> None:
    parted = mark(split(book, 4, at("Storm")), 5, "part")
    parts = [one.part for one in parted.chapters]
    assert parts == ["", "", "PART ONE", "PART ONE", "", "PART TWO", ""]
    after = split(parted, 5, at("The mast"))
    assert after.chapters[5].part == "Storm"
    unmarked = mark(after, 5, "chapter")
    assert [one.part for one in unmarked.chapters[2:6]] == ["PART ONE"] * 4


def test_front_matter_counts_nothing(book: Manuscript) -> None:
    marked = mark(book, 3, "front")
    assert (marked.chapters[2].kind, marked.chapters[2].number) == ("front", None)
    assert mark(marked, 3, "chapter").chapters[2].number == 1
    with pytest.raises(ValueError, match="passage"):
        mark(book, 3, "passage")


def test_a_text_without_chapters_is_one_that_can_be_split() -> None:
    plain = Manuscript("The Lighthouse", TEXT, (), "txt", "a" * 64, "utf-8", None, ())
    assert [(one.start, one.end) for one in outline(plain)] == [(0, len(TEXT))]
    parted = split(plain, 1, at("Chapter 2"))
    assert headings(parted) == ["The Lighthouse", "Chapter 2. The Boat"]
    holds(parted)


def test_scenes_stay_in_the_chapter_that_they_are_in(book: Manuscript) -> None:
    chapters = list(book.chapters)
    chapters[3] = replace(chapters[3], scenes=(at("Storm"), at("The mast")))
    parted = split(replace(book, chapters=tuple(chapters)), 4, at("Storm"))
    assert parted.chapters[3].scenes == ()
    assert parted.chapters[4].scenes == (at("The mast"),)
    assert merge(parted, 5).chapters[3].scenes == (at("The mast"),)


def test_the_beginning_of_a_chapter_is_of_its_body(book: Manuscript) -> None:
    assert opening(book, book.chapters[2]) == "The rain fell all day, and nobody came."
    assert opening(book, book.chapters[3], 20) == "She rowed out at da…"
    unknown = replace(book.chapters[3], heading_start=0, body_start=0)
    assert opening(book, unknown).startswith("She rowed out at dawn. The sea")


@pytest.mark.parametrize("seed", range(40))
def test_many_changes_keep_what_holds_of_every_outline(book: Manuscript, seed: int) -> None:
    chance = random.Random(seed)
    before = book
    for _ in range(60):
        before = chosen(chance, before)
        holds(before)
        assert before.basis == "editor"


def chosen(chance: random.Random, manuscript: Manuscript) -> Manuscript:
    """One change of the editor's, at random."""
    index = chance.randint(1, len(manuscript.chapters))
    places: Sequence[tuple[int, int]] = breaks(manuscript, index)
    what = chance.choice(("rename", "merge", "split", "split", "mark"))
    if what == "merge" and index > 1:
        return merge(manuscript, index)
    if what == "split" and places:
        return split(manuscript, index, chance.choice(places)[0])
    if what == "mark":
        return mark(manuscript, index, chance.choice(KINDS))
    return rename(manuscript, index, chance.choice(("Storm", "Chapter 9", "Part Three")))


@pytest.mark.parametrize("index", [0, 7, -1])
def test_there_is_no_such_chapter(book: Manuscript, index: int) -> None:
    with pytest.raises(ValueError, match="index"):
        rename(book, index, "Storm")


def test_an_empty_heading_is_refused(book: Manuscript) -> None:
    with pytest.raises(ValueError, match="word"):
        rename(book, 1, " \n ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Chapter IV", True),
        ("THE STORM", True),
        ("The Storm at Sea", True),
        ("Epilogue", True),
        ("7", True),
        ("She rowed out at dawn.", False),
        ("“Yes”", False),
        ("no", False),
        ("", False),
        ("A " * 200, False),
    ],
)
def test_what_looks_like_a_heading(line: str, said: bool) -> None:
    assert outline_edits.looks_like_heading(line) is said


def test_an_address_names_a_chapter_a_paragraph_or_a_range(book: Manuscript) -> None:
    text, second = book.text, book.chapters[1]
    assert located(book, str(second.start)) == (second, None)
    sentence = "The rain fell all day, and nobody came."
    start = text.index(sentence)
    found = located(book, str(start + 4))
    assert found is not None
    assert found[1] == (start, start + len(sentence))
    assert located(book, f"{start}-{start + 3}") == (found[0], (start, start + 3))
    assert located(book, f"{start}-{start}") == (found[0], (start, start))
    whole = located(book, f"{start}-{len(text) + 9}")
    assert whole is not None
    assert whole[1] == (start, len(text))


@pytest.mark.parametrize("at", ["", "x", "-1", "999999999", "9-3", "1-", "٣"])
def test_an_address_may_name_nothing(book: Manuscript, at: str) -> None:
    assert located(book, at) is None

"""Two drafts laid side by side: what became of each chapter, and of what was said of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from components.application import Counter
from components.evidence import Index
from components.manuscripts import Manuscript, read
from components.reports import (
    Became,
    Changed,
    ChapterChange,
    Drafts,
    Revision,
    compare_drafts,
    plan,
)
from components.reports.draft_alignment import align_drafts
from components.store import State
from tests.reports.desk import Desk, book

CHANCE = random.Random(7)
WORDS = [
    "".join(CHANCE.choice("bcdfghklmnprstvw") + CHANCE.choice("aeiou") for _ in range(size))
    for size in (1, 2, 2, 3, 3, 4)
    for _ in range(400)
]


def prose(seed: str, paragraphs: int = 6) -> str:
    """Paragraphs of words of chance, the same for the same seed."""
    chance = random.Random(seed)
    return "\n\n".join(
        f"{' '.join(chance.choices(WORDS, k=60)).capitalize()}." for _ in range(paragraphs)
    )


#: Five chapters: what stands under each heading, by what it is headed.
FIRST = {
    "Chapter 1: The Quay": prose("a"),
    "Chapter 2: The Stair": prose("b"),
    "Chapter 3: The Lamp": prose("c"),
    "Chapter 4: The Storm": prose("d"),
    "Chapter 5: The Shore": prose("e"),
}


def made(chapters: dict[str, str], name: str = "book.txt") -> Manuscript:
    text = "\n\n".join(f"{heading}\n\n{body}" for heading, body in chapters.items())
    read_in = read(text.encode(), name=name)
    assert len(read_in.chapters) == len(chapters)
    return read_in


def became(after: dict[str, str]) -> list[tuple[str | None, ...]]:
    """What became of the chapters of FIRST: the words for it, and the names before and after."""
    found = []
    for one in align_drafts(made(FIRST), made(after)):
        said = [one.became.value]
        said += ["moved"] * one.is_moved + ["renamed"] * one.is_renamed
        names = [part.name if part else None for part in (one.before, one.after)]
        found.append((" ".join(said), *names))
    return found


def of(after: dict[str, str], name: str) -> Revision:
    return next(
        one
        for one in align_drafts(made(FIRST), made(after))
        if one.after and name in one.after.name
    )


def renumbered(bodies: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {f"Chapter {at}: {title}": body for at, (title, body) in enumerate(bodies, 1)}


PAIRS = [(heading.partition(": ")[2], body) for heading, body in FIRST.items()]


class TestChapters:
    def test_nothing_changed(self) -> None:
        assert [said for said, *_ in became(FIRST)] == ["unchanged"] * 5

    def test_one_was_revised(self) -> None:
        after = FIRST | {"Chapter 3: The Lamp": f"{prose('c')}\n\n{prose('z', 1)}"}
        assert [said for said, *_ in became(after)] == [
            "unchanged",
            "unchanged",
            "revised",
            "unchanged",
            "unchanged",
        ]

    def test_one_came_and_moves_nobody(self) -> None:
        after = renumbered([*PAIRS[:2], ("The Letter", prose("new")), *PAIRS[2:]])
        assert [said for said, *_ in became(after)] == [
            "unchanged",
            "unchanged",
            "new",
            "unchanged",
            "unchanged",
            "unchanged",
        ]

    def test_a_number_alone_does_not_make_two_chapters_one(self) -> None:
        """One was inserted, and all after it were revised as well."""
        before = {f"Chapter {at}": body for at, (_, body) in enumerate(PAIRS, 1)}
        bodies = [PAIRS[0][1], prose("new"), *(f"{body}\n\nMore." for _, body in PAIRS[1:])]
        after = {f"Chapter {at}": body for at, body in enumerate(bodies, 1)}
        found = align_drafts(made(before), made(after))
        assert [one.became for one in found] == [
            Became.UNCHANGED,
            Became.NEW,
            *[Became.REVISED] * 4,
        ]
        pairs = [(one.before.index, one.after.index) for one in found if one.before and one.after]
        assert pairs == [(1, 1), (2, 3), (3, 4), (4, 5), (5, 6)]

    def test_one_went_and_stands_where_it_stood(self) -> None:
        after = renumbered([*PAIRS[:2], *PAIRS[3:]])
        found = became(after)
        assert found[2] == ("gone", "Chapter 3: The Lamp", None)
        assert [said for said, *_ in found[3:]] == ["unchanged"] * 2

    def test_the_first_one_went(self) -> None:
        assert became(renumbered(PAIRS[1:]))[0][0] == "gone"

    def test_two_changed_places(self) -> None:
        after = renumbered([PAIRS[0], PAIRS[3], PAIRS[1], PAIRS[2], PAIRS[4]])
        moved = [names for said, *names in became(after) if "moved" in (said or "")]
        assert moved == [["Chapter 4: The Storm", "Chapter 2: The Storm"]]

    def test_one_has_another_heading(self) -> None:
        after = renumbered([*PAIRS[:4], ("The Island", PAIRS[4][1])])
        assert became(after)[4] == (
            "unchanged renamed",
            "Chapter 5: The Shore",
            "Chapter 5: The Island",
        )

    def test_one_was_rewritten_and_kept_its_heading(self) -> None:
        after = FIRST | {"Chapter 2: The Stair": prose("quite another")}
        assert became(after)[1][0] == "revised"

    def test_one_was_rewritten_and_renamed(self) -> None:
        after = renumbered([PAIRS[0], ("The Ladder", prose("quite another")), *PAIRS[2:]])
        said = [str(said) for said, *_ in became(after)]
        assert sorted(said) == ["gone", "new", *["unchanged"] * 4]

    def test_a_text_without_chapters_is_one(self) -> None:
        before, after = (read(text.encode(), name="x.txt") for text in (prose("a"), prose("a", 5)))
        (one,) = align_drafts(before, after)
        assert one.became is Became.REVISED
        assert one.before is not None
        assert one.before.index == 0

    def test_white_space_is_no_revision(self) -> None:
        after = FIRST | {"Chapter 3: The Lamp": prose("c").replace("\n\n", "\n\n\n\n")}
        assert {said for said, *_ in became(after)} == {"unchanged"}

    def test_a_novel_is_compared_in_a_moment(self) -> None:
        """A rule about the way, not about the clock: no pair of chapters is aligned in vain."""
        chapters = {f"Chapter {at}": prose(f"n{at}", 50) for at in range(1, 41)}
        before = made(chapters)
        assert before.words > 115_000
        after = made({name: f"{body}\n\nAnd more." for name, body in chapters.items()})
        found = align_drafts(before, after)
        assert {one.became for one in found} == {Became.REVISED}
        assert {len(one.paragraphs) for one in found} == {1}


class TestParagraphs:
    lamp = "Chapter 3: The Lamp"
    parts = prose("c").split("\n\n")

    def changed(self, paragraphs: list[str]) -> list[tuple[Changed | str | None, ...]]:
        after = FIRST | {self.lamp: "\n\n".join(paragraphs)}
        texts = (made(FIRST).text, made(after).text)
        return [
            (
                one.changed,
                *(
                    span and text[slice(*span)]
                    for text, span in zip(texts, (one.before, one.after), strict=True)
                ),
            )
            for one in of(after, "The Lamp").paragraphs
        ]

    def test_offsets_are_of_both_texts(self) -> None:
        revised = self.parts[1].replace(" ", " very ", 1)
        assert self.changed([self.parts[0], revised, *self.parts[2:]]) == [
            (Changed.CHANGED, self.parts[1], revised)
        ]

    def test_added_and_removed(self) -> None:
        new = prose("x", 1)
        assert self.changed([*self.parts[:2], new, *self.parts[3:]]) == [
            (Changed.REMOVED, self.parts[2], None),
            (Changed.ADDED, None, new),
        ]

    def test_a_changed_one_is_found_among_new_ones(self) -> None:
        revised = f"{self.parts[2]} Then it was dark."
        new = [prose("x", 1), prose("y", 1)]
        assert self.changed([*self.parts[:2], new[0], revised, new[1], *self.parts[3:]]) == [
            (Changed.ADDED, None, new[0]),
            (Changed.CHANGED, self.parts[2], revised),
            (Changed.ADDED, None, new[1]),
        ]

    def test_words_are_those_before_and_after(self) -> None:
        one = of(FIRST | {self.lamp: "\n\n".join(self.parts[:-1])}, "The Lamp")
        assert (one.words_before, one.words_after) == (360, 300)
        assert [each.changed for each in one.paragraphs] == [Changed.REMOVED]


class TestReports:
    def drafts(self, desk: Desk, before: Manuscript, after: Manuscript) -> Drafts:
        first = desk.finished(desk.begin(before))
        second = desk.finished(desk.begin(after))
        return compare_drafts(first, second, (Index(before), Index(after)))

    def change(self, drafts: Drafts, name: str) -> ChapterChange:
        return next(
            one
            for one in drafts.changes
            if name in ((one.revision.after or one.revision.before).name)  # type: ignore[union-attr]
        )

    def test_scores_are_compared_and_missing_ones_are_missing(self, desk: Desk) -> None:
        before = book(3)
        text = before.text.replace("On day 2 of the journey Marlow", "That evening Marlow", 1)
        text += f"\n\nChapter 4\n\n{prose('new', 9)}"
        drafts = self.drafts(desk, before, read(text.encode(), name="book.txt"))
        assert drafts.warnings == []
        assert drafts.in_words.startswith("Chapters: 2 unchanged, 1 revised, 1 new. Words: ")
        assert [one.revision.became.value for one in drafts.changes] == [
            "unchanged",
            "revised",
            "unchanged",
            "new",
        ]
        assert [one.change for one in self.change(drafts, "Chapter 1").scores] == [0.0] * 4
        tension = self.change(drafts, "Chapter 2").scores[0]
        assert tension.before is not None
        assert tension.after is not None
        assert tension.change == tension.after - tension.before != 0
        new = self.change(drafts, "Chapter 4").scores[0]
        assert (new.before, new.change) == (None, None)
        assert new.after is not None

    def test_a_finding_that_is_gone_with_its_words(self, desk: Desk) -> None:
        before = book(3)
        first = "On day 2 of the journey Marlow carried the lamp number 0 up the stair. "
        text = before.text.replace(first, "", 1)
        drafts = self.drafts(desk, before, read(text.encode(), name="book.txt"))
        second = self.change(drafts, "Chapter 2")
        (gone,) = second.gone
        assert gone.text == first.strip()
        assert not gone.is_in_both
        assert before.text[gone.start : gone.end] in first
        (new,) = second.new
        assert new.is_in_both  # It stood there before; the notes quoted another sentence.
        unchanged = self.change(drafts, "Chapter 1")
        assert unchanged.new == unchanged.gone == ()

    def test_two_reports_on_the_same_text(self, desk: Desk) -> None:
        drafts = self.drafts(desk, book(2), book(2))
        assert {one.revision.became for one in drafts.changes} == {Became.UNCHANGED}
        assert "same text" in drafts.in_words
        assert not any(one.new or one.gone for one in drafts.changes)


def titled(bodies: Sequence[tuple[str, str]]) -> Manuscript:
    """Chapters whose headings have no number, so that one more renames nobody."""
    text = "\n\n".join(f"# {title}\n\n{body}" for title, body in bodies)
    return read(text.encode(), name="book.md")


class TestAgain:
    """A revised draft: only what changed is asked again, and what is joined from it."""

    bodies = tuple((title, prose(title, 10)) for title, _ in PAIRS)

    def steps(self, desk: Desk, first: Manuscript, revised: Manuscript) -> set[str]:
        """Read the first draft; return the steps of the revised one that are asked."""
        assert desk.finished(desk.begin(first, num_ctx=4096)).is_complete
        counter = Counter(desk.app, desk.model)
        planned = plan(revised, desk.order(revised, num_ctx=4096), count=counter)
        answered = desk.app.shelf().reports.answered(planned.steps)
        report = desk.begin(revised, num_ctx=4096)
        assert report.copied == len(answered)
        asked = {
            f"{one.question.part} {one.question.scope}" for one in report.steps if not one.is_copied
        }
        done = desk.finished(report)
        assert {one.state for one in done.steps} == {State.DONE}
        assert done.is_complete
        return asked

    def of(self, *titles: str) -> set[str]:
        """The steps on chapters, and the report that is joined from their notes."""
        parts = ("findings", "scores")
        return {f"{part} {title}" for part in parts for title in titles} | {
            "report the whole manuscript"
        }

    def test_one_chapter_of_five(self, desk: Desk) -> None:
        revised = [*self.bodies]
        revised[2] = ("The Lamp", f"{self.bodies[2][1]}\n\n{prose('more', 1)}")
        assert self.steps(desk, titled(self.bodies), titled(revised)) == self.of("The Lamp")

    def test_a_chapter_in_the_middle(self, desk: Desk) -> None:
        revised = [*self.bodies[:2], ("The Letter", prose("l", 10)), *self.bodies[2:]]
        assert self.steps(desk, titled(self.bodies), titled(revised)) == self.of("The Letter")

    def test_a_chapter_at_the_end(self, desk: Desk) -> None:
        revised = [*self.bodies, ("The Letter", prose("l", 10))]
        assert self.steps(desk, titled(self.bodies), titled(revised)) == self.of("The Letter")

    def test_a_heading_with_another_name(self, desk: Desk) -> None:
        revised = [*self.bodies[:4], ("The Island", self.bodies[4][1])]
        assert self.steps(desk, titled(self.bodies), titled(revised)) == self.of("The Island")

    def test_numbers_that_count_on_are_other_headings(self, desk: Desk) -> None:
        """What is noted names its chapter by its number, so it cannot serve another."""
        first = made(renumbered(self.bodies))
        revised = made(renumbered([*self.bodies[:3], ("Letter", prose("l", 9)), *self.bodies[3:]]))
        asked = self.steps(desk, first, revised)
        assert len(asked) == 3 * 2 + 1
        assert not [one for one in asked if "Chapter 1" in one or "Chapter 3" in one]

    @pytest.mark.parametrize("name", ["book.txt", "book.rtf"])
    def test_the_same_text_in_another_file(self, desk: Desk, name: str) -> None:
        first = made(renumbered(self.bodies), "book.md")
        if name.endswith("rtf"):
            lines = first.text.replace("\n\n", "\\par\n\\par\n")
            same = read(f"{{\\rtf1\\ansi {lines}}}".encode(), name=name)
        else:
            same = made(renumbered(self.bodies), name)
        assert same.source != first.source or same.sha256 == first.sha256
        assert self.steps(desk, first, replace(same, title="Another file")) == set()

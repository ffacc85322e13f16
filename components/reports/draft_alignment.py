"""Two drafts of a manuscript laid side by side: which chapter became which, and what changed in it.

Chapters are paired by their text, word for word; then by their headings where their words agree;
then by their words alone; what is left and has the same heading is a chapter that was rewritten.
Words agree by runs of four: two chapters of one novel share its words, but hardly such a run, while
a revised chapter keeps most of them. A heading alone proves little: where a chapter was inserted,
"Chapter 7" is another one than before.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.manuscripts import Chapter, Manuscript
from components.reports.chapter_diff import (
    ParagraphChange,
    changed_paragraphs,
    runs_of,
    similarities,
)
from components.reports.passages import names_of

#: The least share of runs of words that a chapter and its revision have in common.
_SAME = 0.3


class Became(StrEnum):
    """What became of the text of a chapter."""

    UNCHANGED = "unchanged"
    REVISED = "revised"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of one draft: its index (0 is a text without chapters), name, characters, words.

    `number` and `title` are what its heading counts and says; `words` are those of its text alone.
    """

    index: int
    name: str
    start: int
    end: int
    words: int
    number: int | None
    title: str
    kind: str

    @property
    def called(self) -> str:
        """What tells its heading from another, its number left out."""
        return f"{self.kind} {self.title.casefold()}" if self.title else self.kind


@dataclass(frozen=True, slots=True)
class Revision:
    """What became of one chapter: `before` is None for a new one, `after` for one that is gone.

    `is_moved` means that it stands at another place among the chapters that both drafts have: one
    that only has a new chapter before it was not moved. `paragraphs` are those that were added,
    removed or changed, in the order of the text; empty where the text is the same.
    """

    became: Became
    before: Part | None
    after: Part | None
    is_moved: bool = False
    paragraphs: tuple[ParagraphChange, ...] = ()

    @property
    def is_renamed(self) -> bool:
        """Whether its title or kind is another; another number alone is none."""
        if self.before is None or self.after is None:
            return False
        return self.before.called != self.after.called

    @property
    def is_renumbered(self) -> bool:
        """Whether its heading counts otherwise."""
        if self.before is None or self.after is None:
            return False
        return self.before.number != self.after.number

    @property
    def words_before(self) -> int | None:
        """The words that it had; None where it was not there."""
        return None if self.before is None else self.before.words

    @property
    def words_after(self) -> int | None:
        """The words that it has; None where it is not there."""
        return None if self.after is None else self.after.words


def align_drafts(before: Manuscript, after: Manuscript) -> tuple[Revision, ...]:
    """Return what became of every chapter of both, in the order of `after`.

    One that is gone stands where it stood, after the chapter that it followed.
    """
    old, new = parts_of(before), parts_of(after)
    pairs, same = _paired(before, after, old, new)
    moved = _moved(pairs)
    found: dict[int, Revision] = {}
    for at, to in pairs.items():
        if (at, to) in same:
            found[to] = Revision(Became.UNCHANGED, old[at], new[to], at in moved)
            continue
        spans = (_body(before, old[at]), _body(after, new[to]))
        changed = changed_paragraphs(before.text, spans[0], after.text, spans[1])
        found[to] = Revision(Became.REVISED, old[at], new[to], at in moved, changed)
    result = [found.get(to) or Revision(Became.NEW, None, one) for to, one in enumerate(new)]
    for at, one in enumerate(old):
        if at in pairs:
            continue
        gone = Revision(Became.GONE, one, None)
        previous = old[at - 1] if at else None
        place = next((n for n, each in enumerate(result) if each.before is previous), -1)
        result.insert(place + 1 if previous is not None and place >= 0 else 0, gone)
    return tuple(result)


def parts_of(manuscript: Manuscript) -> list[Part]:
    """Return the chapters as parts; a text without chapters is one part."""
    if not manuscript.chapters:
        size = len(manuscript.text)
        return [Part(0, "The whole text", 0, size, manuscript.words, None, "", "text")]
    names = names_of(manuscript)
    return [_part(chapter, names[chapter.index]) for chapter in manuscript.chapters]


def _part(one: Chapter, name: str) -> Part:
    title = " ".join((one.title or ("" if one.number is not None else one.heading)).split())
    return Part(one.index, name, one.start, one.end, one.words, one.number, title, one.kind)


def _body(manuscript: Manuscript, part: Part) -> tuple[int, int]:
    """Return the characters of a part's text without its heading."""
    if not part.index:
        return part.start, part.end
    chapter = manuscript.chapters[part.index - 1]
    return max(chapter.body_start, chapter.start), chapter.end


def _paired(
    before: Manuscript, after: Manuscript, old: Sequence[Part], new: Sequence[Part]
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Return which of `old` is which of `new`, by their places, and the pairs of the same text."""
    texts = [[_folded(m, part) for part in parts] for m, parts in ((before, old), (after, new))]
    pairs: dict[int, int] = {}
    by_text: dict[str, list[int]] = {}
    for to, text in enumerate(texts[1]):
        by_text.setdefault(_hash(text), []).append(to)
    for at, text in enumerate(texts[0]):
        if same := by_text.get(_hash(text)):
            # Of several of the same text, as of empty ones, that of the same heading.
            named = [to for to in same if new[to].called == old[at].called]
            pairs[at] = (named or same)[0]
            same.remove(pairs[at])
    unchanged = set(pairs.items())
    left = [at for at in range(len(old)) if at not in pairs]
    free = [to for to in range(len(new)) if to not in set(pairs.values())]
    runs = ({at: runs_of(texts[0][at]) for at in left}, {to: runs_of(texts[1][to]) for to in free})
    alike = similarities(*runs)
    headed = [(at, to) for at in left for to in free if _is_headed(old[at], new[to])]
    enough = sorted(
        (pair for pair, share in alike.items() if share >= _SAME),
        key=lambda pair: (not _is_headed(old[pair[0]], new[pair[1]]), -alike[pair], pair),
    )
    taken = set(pairs.values())
    for at, to in (*enough, *headed):
        if at not in pairs and to not in taken:
            pairs[at] = to
            taken.add(to)
    return pairs, unchanged


def _is_headed(one: Part, other: Part) -> bool:
    """Whether two headings are the same."""
    return (one.called, one.number) == (other.called, other.number)


def _folded(manuscript: Manuscript, part: Part) -> str:
    """Return the text of a part without its heading, its white space made even."""
    start, end = _body(manuscript, part)
    return " ".join(manuscript.text[start:end].split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _moved(pairs: dict[int, int]) -> set[int]:
    """Return which of the old stand elsewhere: the fewest whose move explains the new order."""
    order = sorted(pairs)
    ends: list[int] = []  # of the best run of each length: the new place in which it ends
    chains: list[int] = []  # and which of the old that is
    follows: dict[int, int | None] = {}
    for one in order:
        place = bisect_left(ends, pairs[one])
        follows[one] = chains[place - 1] if place else None
        ends[place : place + 1] = [pairs[one]]
        chains[place : place + 1] = [one]
    stays: set[int] = set()
    at = chains[-1] if chains else None
    while at is not None:
        stays.add(at)
        at = follows[at]
    return set(order) - stays

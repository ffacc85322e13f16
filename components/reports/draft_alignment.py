"""Two drafts of a manuscript side by side: which chapter became which, and what changed in it.

Chapters are paired by equal text; then by headings where runs of four words agree, which hardly
occur in two chapters of one novel; then by such runs alone; then by headings alone, as rewritten.
A heading comes last because it proves little: after an insertion "Chapter 7" is another one.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from components.manuscripts import Manuscript, paragraphs_of
from components.reports.reading_passages import NamedChapter, named_chapters

#: The least share of runs of words that a chapter and its revision have in common.
_SAME = 0.3

#: Words in a run.
_RUN = 4

#: The least share of its words that a changed paragraph keeps.
_KEPT = 0.5

#: Pairs of paragraphs that are compared; where more were replaced, the chapter was rewritten.
_MOST_PAIRS = 40_000

Span = tuple[int, int]


class Became(StrEnum):
    """What became of the text of a chapter."""

    UNCHANGED = "unchanged"
    REVISED = "revised"
    NEW = "new"
    GONE = "gone"


def counted(counts: Mapping[str, int]) -> str:
    """Say how many there are of each kind, but for those of which there is none."""
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


class Changed(StrEnum):
    """What happened to a paragraph."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph that is not as it was.

    `before` and `after` are its characters (start, end) in the two texts; None where it is not.
    """

    before: Span | None
    after: Span | None

    @property
    def changed(self) -> Changed:
        """What happened to it."""
        if self.before is None:
            return Changed.ADDED
        return Changed.REMOVED if self.after is None else Changed.CHANGED


@dataclass(frozen=True, slots=True)
class Revision:
    """What became of one chapter: `before` is None for a new one, `after` for one that is gone.

    `is_moved` means that it stands at another place among the chapters that both drafts have: one
    that only has a new chapter before it was not moved. `paragraphs` are those that were added,
    removed or changed, in the order of the text; empty where the text is the same.
    """

    became: Became
    before: NamedChapter | None
    after: NamedChapter | None
    is_moved: bool = False
    paragraphs: tuple[ParagraphChange, ...] = ()

    @property
    def name(self) -> str:
        """What it is called, or was called where it is gone."""
        if self.after is not None:
            return self.after.name
        return f"{self.before.name} (gone)" if self.before is not None else ""

    @property
    def in_words(self) -> str:
        """Say what became of it: "revised, moved, was “The Quay”"."""
        said: list[str] = [self.became]
        if self.is_moved:
            said.append("moved")
        if self.before and self.after and self.before.name != self.after.name:
            said.append(f"was “{self.before.name}”")
        return ", ".join(said)

    @property
    def paragraphs_in_words(self) -> str:
        """Say how many paragraphs are not as they were: "3 added, 1 changed"."""
        counts = Counter(paragraph.changed for paragraph in self.paragraphs)
        return counted({changed: counts[changed] for changed in Changed})

    @property
    def is_renamed(self) -> bool:
        """Whether its title or kind is another; another number alone is none."""
        if self.before is None or self.after is None:
            return False
        return self.before.heading != self.after.heading

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
    old, new = named_chapters(before), named_chapters(after)
    old_texts = [_text(before, chapter) for chapter in old]
    new_texts = [_text(after, chapter) for chapter in new]
    pairs = _paired(old, new, old_texts, new_texts)
    moved = _moved(pairs)
    revisions = [Revision(Became.NEW, None, chapter) for chapter in new]
    for at, to in pairs.items():
        revision = Revision(Became.UNCHANGED, old[at], new[to], at in moved)
        if old_texts[at] != new_texts[to]:
            spans = [(chapter.body_start, chapter.end) for chapter in (old[at], new[to])]
            changes = changed_paragraphs(before.text, spans[0], after.text, spans[1])
            revision = replace(revision, became=Became.REVISED, paragraphs=changes)
        revisions[to] = revision
    for at, chapter in enumerate(old):
        if at not in pairs:
            previous = [revision.before for revision in revisions].index(old[at - 1]) if at else -1
            revisions.insert(previous + 1, Revision(Became.GONE, chapter, None))
    return tuple(revisions)


def _text(manuscript: Manuscript, chapter: NamedChapter) -> str:
    """Return the text under a heading, its white space made even."""
    return " ".join(manuscript.text[chapter.body_start : chapter.end].split())


def _paired(
    old: Sequence[NamedChapter],
    new: Sequence[NamedChapter],
    old_texts: Sequence[str],
    new_texts: Sequence[str],
) -> dict[int, int]:
    """Return which of `old` is which of `new`, by their positions."""
    pairs: dict[int, int] = {}
    by_text: dict[str, list[int]] = defaultdict(list)
    for to, text in enumerate(new_texts):
        by_text[text].append(to)
    for at, text in enumerate(old_texts):
        if same := by_text.get(text):
            # Of several of the same text, as of empty ones, that of the same heading.
            named = [to for to in same if new[to].heading == old[at].heading]
            pairs[at] = (named or same)[0]
            same.remove(pairs[at])
    free = set(range(len(new))) - set(pairs.values())
    runs = (
        {at: _runs(text) for at, text in enumerate(old_texts) if at not in pairs},
        {to: _runs(text) for to, text in enumerate(new_texts) if to in free},
    )

    def is_headed(pair: tuple[int, int]) -> bool:
        before, after = old[pair[0]], new[pair[1]]
        return (before.heading, before.number) == (after.heading, after.number)

    alike = _similarities(*runs)
    enough = sorted(
        (pair for pair, share in alike.items() if share >= _SAME),
        key=lambda pair: (not is_headed(pair), -alike[pair], pair),
    )
    headed = [(at, to) for at in runs[0] for to in runs[1] if is_headed((at, to))]
    for at, to in (*enough, *headed):
        if at not in pairs and to in free:
            pairs[at] = to
            free.remove(to)
    return pairs


def _runs(text: str) -> frozenset[int]:
    """Return what stands for each run of four words of `text`; of a shorter text, for all of it."""
    words = text.casefold().split()
    starts = range(max(len(words) - _RUN + 1, 1))
    return frozenset(hash(tuple(words[at : at + _RUN])) for at in starts)


def _similarities(
    old: Mapping[int, frozenset[int]], new: Mapping[int, frozenset[int]]
) -> dict[tuple[int, int], float]:
    """Return the share of runs, 0 to 1, of each pair of `old` and `new` that has any in common."""
    having: dict[int, list[int]] = defaultdict(list)
    for to, runs in new.items():
        for run in runs:
            having[run].append(to)
    return {
        (at, to): 2 * count / (len(runs) + len(new[to]))
        for at, runs in old.items()
        for to, count in Counter(to for run in runs for to in having.get(run, ())).items()
    }


def _moved(pairs: dict[int, int]) -> set[int]:
    """Return which of the old stand elsewhere: the fewest whose move explains the new order."""
    chains: list[tuple[int, ...]] = []  # The best of each length: it ends furthest to the front.
    for at in sorted(pairs):
        length = bisect_left(chains, pairs[at], key=lambda chain: pairs[chain[-1]])
        chains[length : length + 1] = [(*(chains[length - 1] if length else ()), at)]
    return set(pairs) - set(chains[-1] if chains else ())


def changed_paragraphs(
    before: str, span: Span, after: str, to: Span
) -> tuple[ParagraphChange, ...]:
    """Return the paragraphs that differ between characters of two texts, in their order."""
    old, new = paragraphs_of(before, *span), paragraphs_of(after, *to)
    old_texts = [" ".join(before[start:end].split()) for start, end in old]
    new_texts = [" ".join(after[start:end].split()) for start, end in new]
    changes: list[ParagraphChange] = []
    # Without "autojunk", which would leave out what comes often: here that is "* * *".
    matcher = SequenceMatcher(None, old_texts, new_texts, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            for at, to_at in _aligned(old_texts[i:j], new_texts[k:m]):
                first = None if at is None else old[i + at]
                second = None if to_at is None else new[k + to_at]
                changes.append(ParagraphChange(first, second))
    return tuple(changes)


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which paragraph became which, in order, so that most of their words agree."""
    rows, columns = len(old), len(new)
    shares: dict[tuple[int, int], float] = {}
    if rows * columns <= _MOST_PAIRS:
        counts = [[Counter(text.casefold().split()) for text in texts] for texts in (old, new)]
        for at, count in enumerate(counts[0]):
            for to, other in enumerate(counts[1]):
                total = count.total() + other.total()
                share = 2 * (count & other).total() / total if total else 0.0
                if share >= _KEPT:
                    shares[at, to] = share
    if not shares:
        return [*((at, None) for at in range(rows)), *((None, to) for to in range(columns))]
    # The most that the paragraphs from each pair on can agree.
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for at in reversed(range(rows)):
        for to in reversed(range(columns)):
            taken = best[at + 1][to + 1] + shares.get((at, to), 0.0)
            best[at][to] = max(best[at + 1][to], best[at][to + 1], taken)
    aligned: list[tuple[int | None, int | None]] = []
    at = to = 0
    while at < rows or to < columns:
        pair = shares.get((at, to))
        if pair and best[at][to] == best[at + 1][to + 1] + pair:
            aligned.append((at, to))
            at, to = at + 1, to + 1
        elif to == columns or (at < rows and best[at + 1][to] >= best[at][to + 1]):
            aligned.append((at, None))
            at += 1
        else:
            aligned.append((None, to))
            to += 1
    return aligned

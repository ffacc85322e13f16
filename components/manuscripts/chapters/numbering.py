"""Which of the numbered headings count up as the chapters of a book do.

Of each way to write headings (a family) the longest run 1, 2, 3... is kept, which may start again
where a part does; a number may be missing. What counts up only in one corner of the text, or as
closely as a list or as evenly as pages, is none.

Every step goes over the headings once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles

from components.manuscripts.chapters.heading_position import HeadingMark
from components.manuscripts.chapters.headings import KEYED, Family

#: What a restart costs, in headings: a lone "1" amid the text must not pass for a new part. Right
#: under the heading of a part it is what one expects.
_RESTART, _RESTART_IN_PART = 1.5, 0.25
#: What a missing number costs, and how many may be missing in a row.
_MISSING, _MOST_MISSING = 0.6, 3
#: Share of the headings in one form that must stay where another form fills their gaps.
_SAME = 0.95
#: Numbered lines closer than this, in words, are items of a list rather than chapters.
_LIST_WORDS = 100
#: Bare numbers that come so often, and so regularly, are the page numbers of a printed text.
_PAGE_WORDS = 450
_PAGE_COUNT = 20
_PAGE_SPREAD = 1.6
#: Words that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS = 60
#: Share of the text that chapters cover at least; what covers less is a list in it.
_COVERAGE = 0.2
#: Parts and acts hold chapters, so that their number weighs less than chapters' does.
_WEIGHTS = {"part": 0.4, "act": 0.4}
_WORD_WEIGHT = 0.9


@dataclass(frozen=True, slots=True)
class NumberedRun:
    """Headings of one family that count up, and the share of the text that they cover."""

    family: Family
    marks: tuple[HeadingMark, ...]
    coverage: float

    @property
    def missing(self) -> int:
        """Return how many numbers are missing in it."""
        return _missing(self.marks)


def _missing(marks: Sequence[HeadingMark]) -> int:
    return sum(
        max(0, after.number - before.number - 1)
        for before, after in pairwise(marks)
        if after.number > before.number
    )


def main_run(candidates: Sequence[HeadingMark], *, total: int) -> NumberedRun | None:
    """Return the run that is the chapters of a text of `total` words, if there is one."""
    parts = {
        candidate.until for candidate in candidates if candidate.heading.family in ("part", "act")
    }
    parts |= {
        candidate.until for candidate in candidates if candidate.heading.family.startswith("word:")
    }
    best: NumberedRun | None = None
    rank = (False, 0.0)
    families = _families(candidates)
    chains = {family: chain(ones, parts) for family, ones in families.items()}
    for family in families:
        marks = _continued(family, chains)
        run = NumberedRun(family, tuple(marks), _coverage(marks, total))
        if not marks or not _plausible(run, total=total):
            continue
        keyed = family in ("chapter", "scene") and len(marks) > 1 and run.coverage >= _COVERAGE
        weight = _WEIGHTS.get(family, _WORD_WEIGHT if family.startswith("word:") else 1.0)
        score = weight * len(marks) * (0.25 + 0.75 * min(1.0, run.coverage))
        if (keyed, score) > rank:
            best, rank = run, (keyed, score)
    if best is None or best.family not in KEYED:
        return best
    return NumberedRun(best.family, _with_misnumbered(best.marks, candidates), best.coverage)


def chain(ones: Sequence[HeadingMark], parts: Iterable[int] = ()) -> list[HeadingMark]:
    """Return the longest run through `ones` whose numbers count up from one by one.

    A number 1 may start again, at a cost, less where its block is one of `parts`, which stand
    right under the heading of a part. One pass: for each number the best run that ends with it
    is kept.
    """
    under_part = set(parts)
    ending: dict[int, int] = {}
    score = [0.0] * len(ones)
    before = [-1] * len(ones)
    top = -1
    for at, one in enumerate(ones):
        number = one.number
        score[at] = 1.0 if number == 1 else 0.5
        for missing in range(_MOST_MISSING + 1):
            previous = ending.get(number - 1 - missing, -1)
            if previous >= 0 and score[previous] + 1 - missing * _MISSING > score[at]:
                score[at], before[at] = score[previous] + 1 - missing * _MISSING, previous
        if number == 1 and top >= 0:
            in_part = one.at in under_part
            if in_part or ones[top].number > 1:
                restarted = score[top] + 1 - (_RESTART_IN_PART if in_part else _RESTART)
                if restarted > score[at]:
                    score[at], before[at] = restarted, top
        if number not in ending or score[at] > score[ending[number]]:
            ending[number] = at
        if top < 0 or score[at] > score[top]:
            top = at
    run = []
    while top >= 0:
        run.append(ones[top])
        top = before[top]
    return run[::-1]


def _families(found: Iterable[HeadingMark]) -> dict[Family, list[HeadingMark]]:
    """Return the numbered headings by family, in the order of the text.

    "I. The Storm" and "II", with a title and without, are one family where together they count
    further than alone.
    """
    families: dict[Family, list[HeadingMark]] = {}
    for one in found:
        if one.number:
            families.setdefault(one.heading.family, []).append(one)
    for bare in ("arabic", "roman", "spelled"):
        alone, titled = families.get(bare), families.get(f"{bare}+")
        if not alone or not titled:
            continue
        both = chain(sorted([*alone, *titled], key=lambda one: one.at))
        numbers = [one.number for one in both]
        longest = max(chain(alone), chain(titled), key=len)
        whole = numbers == list(range(numbers[0], numbers[0] + len(both)))
        kept = {one.at for one in both}
        same = sum(one.at in kept for one in longest)
        fills = _missing(both) < _missing(longest) and same >= _SAME * len(longest)
        if len(both) > len(longest) and (whole or fills):
            families[f"{bare}+"] = both
    return families


def _continued(family: Family, chains: dict[Family, list[HeadingMark]]) -> list[HeadingMark]:
    """Return a family's chain and what goes on counting where it ends, written in another way."""
    marks = list(chains[family])
    if len(marks) < 2 or family in _WEIGHTS:
        return marks
    for other, more in chains.items():
        if other == family or other in _WEIGHTS:
            continue
        after = [one for one in more if one.at > marks[-1].at]
        while after and after[0].number != marks[-1].number + 1:
            after = after[1:]
        alike = bool(after) and bool(after[0].full_title) == bool(marks[0].full_title)
        if alike and len(after) > 1 and after[-1].number - marks[-1].number >= len(after):
            marks += after
    return marks


def _coverage(marks: Sequence[HeadingMark], total: int) -> float:
    """Return the share of the text between the first and the last, and one more chapter."""
    if not marks or not total:
        return 0.0
    if len(marks) == 1:
        return 1 - marks[0].words_before / total
    share = (marks[-1].words_before - marks[0].words_before) / total
    return min(1.0, share * len(marks) / (len(marks) - 1))


def _plausible(run: NumberedRun, *, total: int) -> bool:
    """Return whether `run` may be the chapters of a text of `total` words."""
    family, marks = run.family, run.marks
    if family == "chapter":
        return True
    if len(marks) == 1:
        # A lone number is a heading only at the very top, under the title: a single chapter.
        bare = not family.endswith("+") and not family.startswith("word:") and family not in KEYED
        return bare and marks[0].number == 1 and marks[0].words_before <= _TITLE_WORDS
    if marks[0].number > 2 and family not in KEYED:
        return False
    if family in KEYED:
        return True
    if run.coverage < _COVERAGE or (family.startswith("word:") and len(marks) < 3):
        return run.coverage >= 2 * _COVERAGE
    starts = [mark.words_before for mark in marks]
    gaps = [after - before for before, after in pairwise([*starts, total])]
    if (family.endswith("+") or family.startswith("spelled")) and median(gaps) < _LIST_WORDS:
        return False
    if family == "arabic" and len(marks) >= _PAGE_COUNT and median(gaps) < _PAGE_WORDS:
        return quantiles(gaps, n=10)[-1] > _PAGE_SPREAD * median(gaps)
    return True


def _with_misnumbered(
    run: Sequence[HeadingMark], candidates: Sequence[HeadingMark]
) -> tuple[HeadingMark, ...]:
    """Return `run` with headings of its family where it lacks numbers: a slip in counting."""
    family = run[0].heading.family
    others = iter([candidate for candidate in candidates if candidate.heading.family == family])
    out: list[HeadingMark] = []
    other = next(others, None)
    lacks = 0
    for before, after in pairwise(run):
        out.append(before)
        lacks = max(lacks, 0) + after.number - before.number - 1
        while other is not None and other.at < after.at:
            if before.at < other.at and lacks > 0:
                out.append(other)
                lacks -= 1
            other = next(others, None)
    return (*out, run[-1])

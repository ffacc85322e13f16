"""Which of the numbered headings count up as the chapters of a book do.

Of each family the longest run 1, 2, 3... is taken, which may start again where a part does; a
number may be missing. What counts up only in one corner of the text, as closely as a list or as
evenly as pages, is none.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter
from statistics import median, quantiles

from components.manuscripts.chapters.headings import KEYED, PARTS, Heading, Headings, lengths

#: What a restart costs, in headings: a lone "1" amid the text must not pass for a new part. Right
#: under the heading of a part it is what one expects.
_RESTART, _RESTART_IN_PART = 1.5, 0.25
#: What a missing number costs, and how many may be missing in a row.
_MISSING, _MOST_MISSING = 0.6, 3
#: Share of the headings in one form that must stay where another form fills their gaps.
_SAME = 0.95
#: Numbered lines closer than this, in words, are items of a list rather than chapters.
_LIST_WORDS = 100
#: Words of an item; where more than this share of the numbered lines has no more, they are a list.
_ITEM_WORDS, _ITEMS = 20, 1 / 4
#: Bare numbers that come so often, and so regularly, are the page numbers of a printed text.
_PAGE_LEAST, _PAGE_WORDS, _PAGE_COUNT, _PAGE_SPREAD = 80, 450, 20, 1.6
#: Words that stand for nothing but title, author and the like before the first chapter.
_TITLE_WORDS = 60
#: Share of the text that chapters cover at least; what covers less is a list in it.
_COVERAGE = 0.2
#: Parts and acts hold chapters, so that their number weighs less than chapters' does.
_PART_WEIGHT, _WORD_WEIGHT = 0.4, 0.9


@dataclass(frozen=True, slots=True)
class NumberedRun:
    """Headings of one family that count up, and the share of the text that they cover."""

    family: str
    headings: Headings
    coverage: float


def missing(headings: Headings) -> int:
    """Return how many numbers are missing between `headings`."""
    return sum(max(0, after.number - before.number - 1) for before, after in pairwise(headings))


def main_run(candidates: Headings, *, total: int) -> NumberedRun | None:
    """Return the run that is the chapters of a text of `total` words, if there is one."""
    under_parts = {
        candidate.until
        for candidate in candidates
        if candidate.family in PARTS or candidate.family.startswith("word:")
    } | {candidate.at for candidate in candidates if candidate.within}
    best: NumberedRun | None = None
    best_rank = (False, 0.0)
    chains = {
        family: chain(headings, under_parts) for family, headings in _families(candidates).items()
    }
    for family in chains:
        headings = _continued(family, chains)
        run = NumberedRun(family, headings, _coverage(headings, total))
        if not _plausible(run, total=total):
            continue
        keyed = family in ("chapter", "scene") and len(headings) > 1 and run.coverage >= _COVERAGE
        weight = _PART_WEIGHT if family in PARTS else 1.0
        weight = _WORD_WEIGHT if family.startswith("word:") else weight
        rank = keyed, weight * len(headings) * (0.25 + 0.75 * run.coverage)
        if rank > best_rank:
            best, best_rank = run, rank
    if best is None or best.family not in KEYED:
        return best
    return replace(best, headings=_with_misnumbered(best.headings, candidates))


def chain(headings: Headings, under_parts: Iterable[int] = ()) -> list[Heading]:
    """Return the longest run through `headings` whose numbers count up from one by one.

    A number 1 may start again, at a cost, less where its block is one of `under_parts`, which stand
    right under the heading of a part. One pass: the best run that ends with each number is stored.
    """
    under_parts = set(under_parts)
    ending: dict[int, int] = {}
    score = [0.0] * len(headings)
    before = [-1] * len(headings)
    top = -1
    for at, heading in enumerate(headings):
        number = heading.number
        score[at] = 1.0 if number == 1 else 0.5
        for gap in range(_MOST_MISSING + 1):
            previous = ending.get(number - 1 - gap, -1)
            if previous >= 0 and score[previous] + 1 - gap * _MISSING > score[at]:
                score[at], before[at] = score[previous] + 1 - gap * _MISSING, previous
        in_part = heading.at in under_parts
        if number == 1 and top >= 0 and (in_part or headings[top].number > 1):
            restarted = score[top] + 1 - (_RESTART_IN_PART if in_part else _RESTART)
            if restarted > score[at]:
                score[at], before[at] = restarted, top
        if number not in ending or score[at] > score[ending[number]]:
            ending[number] = at
        if top < 0 or score[at] > score[top]:
            top = at
    run = []
    while top >= 0:
        run.append(headings[top])
        top = before[top]
    return run[::-1]


def _families(candidates: Iterable[Heading]) -> dict[str, list[Heading]]:
    """Return the numbered headings by family, "I. Rain" and "II" in one if that counts further."""
    families: dict[str, list[Heading]] = defaultdict(list)
    for candidate in candidates:
        if candidate.number:
            families[candidate.family].append(candidate)
    for bare in ("arabic", "roman", "spelled"):
        alone, titled = families.get(bare), families.get(f"{bare}+")
        if not alone or not titled:
            continue
        both = chain(sorted([*alone, *titled], key=attrgetter("at")))
        longest = max(chain(alone), chain(titled), key=len)
        first = both[0].number
        whole = [heading.number for heading in both] == list(range(first, first + len(both)))
        blocks = {heading.at for heading in both}
        same = sum(heading.at in blocks for heading in longest)
        fills = missing(both) < missing(longest) and same >= _SAME * len(longest)
        if len(both) > len(longest) and (whole or fills):
            families[f"{bare}+"] = both
    return families


def _continued(family: str, chains: dict[str, list[Heading]]) -> list[Heading]:
    """Return a family's chain and what goes on counting where it ends, written in another way."""
    headings = list(chains[family])
    if len(headings) < 2 or family in PARTS:
        return headings
    for other, others in chains.items():
        if other == family or other in PARTS:
            continue
        last = headings[-1]
        after = [heading for heading in others if heading.at > last.at]
        numbers = [heading.number for heading in after]
        following = last.number + 1
        after = after[numbers.index(following) :] if following in numbers else []
        alike = bool(after) and bool(after[0].full_title) == bool(headings[0].full_title)
        if alike and len(after) > 1 and after[-1].number - last.number >= len(after):
            headings += after
    return headings


def _coverage(headings: Headings, total: int) -> float:
    """Return the share of the text between the first and the last, and one more chapter."""
    if len(headings) == 1:
        return 1 - headings[0].words_before / total
    share = (headings[-1].words_before - headings[0].words_before) / total
    return min(1.0, share * len(headings) / (len(headings) - 1))


def _plausible(run: NumberedRun, *, total: int) -> bool:
    """Return whether `run` may be the chapters of a text of `total` words."""
    family, headings = run.family, run.headings
    word, titled = family.startswith("word:"), family.endswith("+")
    if family == "chapter":
        return True
    if len(headings) == 1:
        # A lone number is a heading only at the very top, under the title: a single chapter.
        bare = not titled and not word and family not in KEYED
        return bare and headings[0].number == 1 and headings[0].words_before <= _TITLE_WORDS
    if family in KEYED:
        return True
    if headings[0].number > 2:
        return False
    if run.coverage < _COVERAGE or (word and len(headings) < 3):
        return run.coverage >= 2 * _COVERAGE
    gaps = lengths(headings, total)
    if (titled or family == "spelled") and median(gaps) < _LIST_WORDS:
        return False
    if titled and sum(gap < _ITEM_WORDS for gap in gaps) > _ITEMS * len(gaps):
        return False
    paged = family == "arabic" and len(headings) >= _PAGE_COUNT
    if paged and _PAGE_LEAST <= median(gaps) < _PAGE_WORDS:
        return quantiles(gaps, n=10)[-1] > _PAGE_SPREAD * median(gaps)
    return True


def _with_misnumbered(run: Headings, candidates: Headings) -> Headings:
    """Return `run` with headings of its family where it lacks numbers: a slip in counting."""
    others = [candidate for candidate in candidates if candidate.family == run[0].family]
    places = [other.at for other in others]
    headings: list[Heading] = []
    lacking = 0
    for before, after in pairwise(run):
        lacking = max(0, lacking) + after.number - before.number - 1
        between = others[bisect_right(places, before.at) : bisect_left(places, after.at)]
        between = between[: max(0, lacking)]
        lacking -= len(between)
        headings += [before, *between]
    return [*headings, run[-1]]

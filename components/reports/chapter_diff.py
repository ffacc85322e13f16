"""What changed inside a chapter, paragraph by paragraph.

Paragraphs that are the same are found by their hashes, so that a long chapter costs no more than
its changes; where some were replaced by others, those that keep half of their words are one
paragraph that was changed, and the rest came or went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from components.manuscripts import paragraphs_of

#: Words in a run.
_RUN = 4

#: The least share of its words that a changed paragraph keeps.
_KEPT = 0.5

#: Pairs of paragraphs that are looked at one by one; where more were replaced at once, a chapter
#: was rewritten, and which came of which says nothing.
_MOST_PAIRS = 40_000


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

    changed: Changed
    before: tuple[int, int] | None
    after: tuple[int, int] | None


def runs_of(text: str) -> frozenset[int]:
    """Return what stands for each run of four words of `text`; of a shorter text, for all of it."""
    words = text.casefold().split()
    return frozenset(
        hash(tuple(words[at : at + _RUN])) for at in range(max(len(words) - _RUN + 1, 1))
    )


def similarities(
    old: Mapping[int, frozenset[int]], new: Mapping[int, frozenset[int]]
) -> dict[tuple[int, int], float]:
    """Return the share of runs, 0 to 1, that one of `old` and one of `new` have in common.

    Pairs that have none are left out, so that many chapters are not each compared with all.
    """
    having: dict[int, list[int]] = {}
    for to, runs in new.items():
        for run in runs:
            having.setdefault(run, []).append(to)
    found = {}
    for at, runs in old.items():
        shared = Counter(to for run in runs for to in having.get(run, ()))
        for to, count in shared.items():
            found[at, to] = 2 * count / (len(runs) + len(new[to]))
    return found


def changed_paragraphs(
    before: str, span: tuple[int, int], after: str, to: tuple[int, int]
) -> tuple[ParagraphChange, ...]:
    """Return the paragraphs that differ between characters of two texts, in their order."""
    old, new = paragraphs_of(before, *span), paragraphs_of(after, *to)
    said = (
        [" ".join(before[start:end].split()) for start, end in old],
        [" ".join(after[start:end].split()) for start, end in new],
    )
    found: list[ParagraphChange] = []
    # Without "autojunk", which would leave out what comes often: here that is "* * *".
    same = SequenceMatcher(None, *said, autojunk=False)
    for tag, i, j, k, m in same.get_opcodes():
        if tag == "equal":
            continue
        for at, place in _aligned(said[0][i:j], said[1][k:m]):
            first = None if at is None else old[i + at]
            second = None if place is None else new[k + place]
            found.append(ParagraphChange(_what(first, second), first, second))
    return tuple(found)


def _what(before: tuple[int, int] | None, after: tuple[int, int] | None) -> Changed:
    if before is None:
        return Changed.ADDED
    return Changed.REMOVED if after is None else Changed.CHANGED


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which paragraph became which, in order, so that most of their words agree."""
    shares: dict[tuple[int, int], float] = {}
    if len(old) * len(new) <= _MOST_PAIRS:
        counts = [Counter(one.casefold().split()) for one in old]
        others = [Counter(one.casefold().split()) for one in new]
        for at, count in enumerate(counts):
            for place, other in enumerate(others):
                if (share := _share(count, other)) >= _KEPT:
                    shares[at, place] = share
    if not shares:
        return [*((at, None) for at in range(len(old))), *((None, one) for one in range(len(new)))]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at in range(len(old) - 1, -1, -1):
        for place in range(len(new) - 1, -1, -1):
            pair = shares.get((at, place), 0.0)
            taken = best[at + 1][place + 1] + pair if pair else 0.0
            best[at][place] = max(best[at + 1][place], best[at][place + 1], taken)
    found: list[tuple[int | None, int | None]] = []
    at = place = 0
    while at < len(old) and place < len(new):
        pair = shares.get((at, place), 0.0)
        if pair and best[at][place] == best[at + 1][place + 1] + pair:
            found.append((at, place))
            at, place = at + 1, place + 1
        elif best[at + 1][place] >= best[at][place + 1]:
            found.append((at, None))
            at += 1
        else:
            found.append((None, place))
            place += 1
    found += [(one, None) for one in range(at, len(old))]
    return [*found, *((None, one) for one in range(place, len(new)))]


def _share(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0

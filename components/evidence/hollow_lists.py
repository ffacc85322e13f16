"""Items of an answer that say nothing: chapters strung together by arrows, and copies.

"(Chapter 1) -> (Chapter 2) -> (Chapter 3)" stands where cause and effect were asked for; the same
sentence stands under heading after heading. Short items may well come again, and so may items
which say that there is nothing to say.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from components.evidence.chapter_attribution import ChapterMention
from components.evidence.comparable_words import folded_words, has_word
from components.manuscripts.text.personal_names import word_set
from components.markdown import TextStretch

_ARROW = re.compile(r"\s*(?:[-–=]{1,3}>|[→⇒⟶➔➜➝➞➡]\ufe0f?)\s*")
#: What may stand around the chapters of a chain in its line.
_BEGINS, _ENDS = re.compile(r".*[:\n]", re.DOTALL), re.compile(r"[.,;:\n]")
#: Arrows of a chain within a line that has other words too, at the least.
_ARROWS = 2

#: Words of the shortest item whose copy is one, and words of the longest label before an item.
_LEAST, _LABEL = 6, 5
#: Of the first words of an item, those which say that there is nothing.
_NOTHING = word_set(
    """
    no none nothing not never neither without absent missing unclear n a aucun aucune rien pas kein
    keine keinen nichts nicht ninguno ninguna nada sin
    """
)
_FIRST = 5


def chain(stretch: TextStretch, mentions: Sequence[ChapterMention]) -> tuple[int, int] | None:
    """Return where a chain of arrows stands in `stretch`; None without one.

    What it strings together are bare chapters, nothing at all, or one and the same words.
    """
    text = stretch.text
    arrows = [match.span() for match in _ARROW.finditer(text)]
    if not arrows or stretch.setting == "heading":
        return None
    begins = _BEGINS.match(text, 0, arrows[0][0])
    first = begins.end() if begins else 0
    last = next((each.end for each in mentions if each.start >= arrows[-1][1]), arrows[-1][1])
    stop = _ENDS.search(text, last)
    edges = [
        first,
        *(edge for arrow in arrows for edge in arrow),
        stop.start() if stop else len(text),
    ]
    items = list(zip(edges[::2], edges[1::2], strict=True))
    blank = _without(text, mentions)
    bare = [not has_word(blank[start:end]) for start, end in items]
    said = [tuple(folded_words(text[start:end])) for start, end in items]
    run = longest = 0
    at = 0
    for number, (one, other) in enumerate(pairwise(range(len(items))), 1):
        alike = (bare[one] and bare[other]) or (said[one] == said[other] != ())
        run = run + 1 if alike else 0
        if run > longest:
            longest, at = run, number
    is_all = longest == len(arrows) and not has_word(text[:first] + text[items[-1][1] :])
    if longest < (1 if is_all and any(bare) else _ARROWS):
        return None
    start, end = items[at - longest][0], items[at][1]
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


def _without(text: str, mentions: Sequence[ChapterMention]) -> str:
    """Return `text` with spaces in place of the chapters that it names."""
    pieces, here = [], 0
    for mention in mentions:
        pieces += [text[here : mention.start], " " * (mention.end - max(mention.start, here))]
        here = max(mention.end, here)
    return "".join([*pieces, text[here:]])


class Copies:
    """Notices which stretch says again what one before it said, but for chapters and a label."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()

    def is_copy(self, stretch: TextStretch, mentions: Sequence[ChapterMention]) -> bool:
        """Whether `stretch`, the next, is a copy."""
        if stretch.setting != "text":
            return False
        label, colon, rest = stretch.text.partition(":")
        start = len(label) + 1 if colon and rest.strip() and len(label.split()) <= _LABEL else 0
        text = _without(stretch.text, mentions)
        said = tuple(folded_words(text[start:]))
        if len(said) < _LEAST or not _NOTHING.isdisjoint(said[:_FIRST]):
            return False
        is_copy = said in self._seen
        self._seen.add(said)
        return is_copy

"""What is measured: the bodies of the chapters, headings and front and back matter left out."""

import re
from collections import Counter
from dataclasses import dataclass

from components.languages import count_words
from components.manuscripts import Chapter, Manuscript

#: Title page, contents, notes of the publisher: not the author's prose.
_LEFT_OUT = frozenset({"front", "back"})

_TOKEN = re.compile(r"\S+")

_SHORT = {
    "letter": "L",
    "part": "Part ",
    "prologue": "Prol.",
    "epilogue": "Epil.",
    "interlude": "Int.",
    "introduction": "Intro.",
    "passage": "§",
}


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """One chapter's body, or the whole text where there are no chapters.

    `start` and `end` are characters of the manuscript's text; `short` is what stands under a plot:
    letters, digits, spaces and full stops only. `words` are the chapter's.
    """

    heading: str
    short: str
    start: int
    end: int
    words: int


def stretches(manuscript: Manuscript) -> tuple[MeasuredText, ...]:
    """Return what is measured of `manuscript`, in its order; one stretch without chapters."""
    text = manuscript.text
    chapters = [
        chapter
        for chapter in manuscript.chapters
        if chapter.kind not in _LEFT_OUT and chapter.words > 0
    ]
    if not chapters:
        return (MeasuredText("The whole text", "All", 0, len(text), count_words(text)),)
    parts = []
    of_kind: Counter[str] = Counter()
    for number, chapter in enumerate(chapters, 1):
        of_kind[chapter.kind] += 1
        start = _body_start(text, chapter)
        count = of_kind[chapter.kind] if chapter.kind in _SHORT else number
        parts.append(
            MeasuredText(
                chapter.heading or f"Chapter {number}",
                _short(chapter, count),
                start,
                chapter.end,
                chapter.words,
            )
        )
    return tuple(parts)


def _body_start(text: str, chapter: Chapter) -> int:
    """Return where the body begins; where that is not known, after the words of the heading."""
    if chapter.body_start > chapter.start:
        return chapter.body_start
    heading = [word for word in chapter.heading.casefold().split() if word != "—"]
    at = chapter.start
    for word, expected in zip(_TOKEN.finditer(text, at, chapter.end), heading, strict=False):
        if word[0].strip("#*_").casefold() != expected:
            break
        at = word.end()
    following = _TOKEN.search(text, at, chapter.end)
    return following.start() if following else chapter.start


def _short(chapter: Chapter, count: int) -> str:
    label = _SHORT.get(chapter.kind, "")
    if label.endswith("."):
        return label
    number = chapter.number
    if number is None:
        digits = re.search(r"[0-9]{1,4}", chapter.heading)
        number = int(digits[0]) if digits else count
    return f"{label}{number}"

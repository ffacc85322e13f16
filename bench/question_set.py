"""Books of which something is known: the question set beside the project, and what stands in.

`questions/claims` has chapters of novels, and for each true sentences with a false twin.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

from bench.novel import cut
from components.analysis import Finding
from components.evidence import Index, sentences
from components.evidence.claims.content_words import content
from components.manuscripts import Chapter, Manuscript, read, sample
from components.reports import story_chapters

#: The share of a true sentence's words that cover it. Of 70 true sentences on the first three
#: chapters of nine books a single sentence of their chapter has as many in 24 cases, one of the
#: other two chapters in 3.
COVERED = 0.3


@dataclass(frozen=True, slots=True)
class Claim:
    """A true sentence about a chapter, by its index, and its false twin."""

    chapter: int
    true: str
    false: str


@dataclass(frozen=True, slots=True)
class Book:
    """The first chapters of a book, and what is known to be true of them."""

    name: str
    manuscript: Manuscript
    claims: tuple[Claim, ...] = ()


def book_of(name: str, chapters: int, shared: Path) -> Book | None:
    """Return a book up to its chapter of this number; None where it is not there."""
    if name == "time-machine":
        for path in sorted((shared / "corpus/the-time-machine/builds").glob("*.epub"))[:1]:
            return first_chapters(name, read(path.read_bytes(), name=path.name), chapters)
        return None
    folder = shared / "questions/claims" / name
    if not (folder / "claims.json").exists():
        return None
    known = json.loads((folder / "claims.json").read_text())
    whole = (folder / "book.txt").read_bytes().decode()
    text, made = "", []
    for index, one in enumerate(known["chapters"][:chapters], 1):
        body = read(whole[one["start"] : one["end"]].encode(), name="book.txt").text
        start, text = len(text), f"{text}{body.strip()}\n\n"
        words = len(body.split())
        made.append(Chapter(index, f"Chapter {one['number']}", "chapter", start, len(text), words,
                            one["number"], heading_start=start, body_start=start))  # fmt: skip
    numbers = {chapter.number: chapter.index for chapter in made}
    claims = tuple(
        Claim(numbers[claim["chapter"]], claim["claim"], claim["false"])
        for claim in known["claims"]
        if claim["chapter"] in numbers
    )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    book = Manuscript(known["title"], text, tuple(made), "txt", sha256, "utf-8", None, (),
                      known["author"])  # fmt: skip
    return Book(name, book, claims)


def first_chapters(name: str, manuscript: Manuscript, chapters: int) -> Book:
    """Return the first chapters of the story, with what stands before them."""
    last = story_chapters(manuscript)[:chapters][-1:]
    first = cut(manuscript, last[0]) if last else manuscript
    return Book(name, replace(first, sha256=hashlib.sha256(first.text.encode()).hexdigest()))


def the_sample(chapters: int) -> Book:
    """Return the sample that ships with First Reader."""
    name, data = sample()
    return first_chapters("sample", read(data, name=name), chapters)


def looking_up(text: str) -> Callable[[str, int], list[str]]:
    """Return what finds so many sentences of `text`, in its order, for a statement about it.

    They are those that share most words with it, rare ones first.
    """
    spans = sentences(text, 0, len(text))
    stems = [content(text[start:end]) for start, end in spans]
    often = Counter(stem for one in stems for stem in one)

    def look_up(statement: str, most: int) -> list[str]:
        wanted = content(statement) & often.keys()
        weights = {stem: log(1 + len(spans) / often[stem]) for stem in sorted(wanted)}
        scores = [sum(weights[stem] for stem in sorted(wanted & one)) for one in stems]
        best = sorted(range(len(spans)), key=scores.__getitem__, reverse=True)[:most]
        return [text[slice(*spans[at])] for at in sorted(best)]

    return look_up


def coverage(book: Book, findings: Sequence[Finding], index: Index) -> Counter[str]:
    """Count the true sentences that findings of their chapter cover, and others by chance.

    `coverable` are those that a sentence of their chapter covers.
    """
    counts = Counter[str]()
    said: dict[int, list[frozenset[str]]] = {}
    for one in findings:
        if one.start is not None and (chapter := index.chapter_at(one.start)):
            said.setdefault(chapter.index, []).append(content(f"{one.claim} {one.words}"))
    for claim in book.claims:
        wanted, chapter = content(claim.true), book.manuscript.chapters[claim.chapter - 1]
        spans = sentences(index.text, chapter.start, chapter.end)
        others = [one for at, some in said.items() if at != claim.chapter for one in some]
        counts["true sentences"] += 1
        counts["covered"] += _covers(said.get(claim.chapter, []), wanted)
        counts["coverable"] += _covers([content(index.text[a:b]) for a, b in spans], wanted)
        if len(book.manuscript.chapters) > 1:
            counts["chance"] += 1
            counts["covered by chance"] += _covers(others, wanted)
    return counts


def _covers(said: Sequence[frozenset[str]], wanted: frozenset[str]) -> bool:
    return any(len(wanted & one) >= COVERED * len(wanted) for one in said)

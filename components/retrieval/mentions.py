"""What can be counted in a manuscript: first and last mention, how often, who is where.

Such questions are answered from the text, exactly and without a model. A question that is not
plainly one of them is none.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from components.evidence import Index, sentences
from components.evidence.comparable_words import folded_words
from components.manuscripts import Chapter, Manuscript
from components.manuscripts.text.personal_names import TITLES
from components.measures import Name, names_of

#: What stands between the words of a name or a phrase.
_JOINTS = frozenset(("", " ", "\n", "\u00a0", "-", "’", "'"))

#: Longest name or phrase that is looked up, in words.
_LONGEST = 6

#: Names that are listed of a chapter, and chapters in which something stands.
_LISTED = 12

_SAID = (
    r"(?:mentioned|named|introduced|referred to|spoken of|used|said|written"
    r"|appears?|appeared|occurs?|occurred|comes? up|turns? up)"
)
_IN_TEXT = r"(?: in (?:the|this) (?:book|novel|story|text|manuscript))?"
_WHERE = r"(?:where|when|at what point|in (?:which|what) (?:chapter|scene|part|letter)s?)"
_IS = r"(?:is|are|was|were|does|do|did|has|have)"
_MENTION = r"(?:mention|appearance|occurrence|use)"
_WHAT = r"(?P<exact>the (?:word|words|name|phrase|term) )?(?P<what>.+?)"
_ARTICLE = re.compile(r"(?:the|an?|my|his|her|their|our|your) (?=\S)", re.IGNORECASE)

#: Each of them is the whole question.
_ABOUT = tuple(
    re.compile(rf"{pattern}{_IN_TEXT}", re.IGNORECASE)
    for pattern in (
        rf"{_WHERE} {_IS} the (?:first|last) time (?:that )?{_WHAT} (?:{_IS} )?{_SAID}",
        rf"{_WHERE} {_IS} {_WHAT} (?:first|last) {_SAID}",
        rf"{_WHERE} {_IS} {_WHAT} {_SAID} (?:first|last|for the (?:first|last) time)",
        rf"{_WHERE} {_IS} {_WHAT} (?:mentioned|named)",
        rf"(?:{_WHERE} {_IS} )?(?:the )?(?:first|last) {_MENTION} of {_WHAT}",
        rf"how (?:often|many times) (?:{_IS} )?{_WHAT} {_SAID}",
        rf"how many {_MENTION}s of {_WHAT} are there",
    )
)
_PRESENT = re.compile(
    r"(?:who (?:all )?(?:is|are|was|were)|which (?:characters?|people|names) (?:is|are|was|were))"
    r"(?: (?:present|mentioned|named|there|found))? in (?P<where>.+)"
    r"|(?:who|which (?:characters?|people)) (?:appears?|stands?) in (?P<there>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A statement of what stands in the text, and where: `start` and `end` are characters of it.

    They are None where it is about several places, or about none.
    """

    statement: str
    start: int | None = None
    end: int | None = None


def look_up(question: str, manuscript: Manuscript, index: Index) -> tuple[Mention, ...]:
    """Return the answer to a question that can be counted; empty where it is none of these."""
    asked = " ".join(question.split()).rstrip("?!. ")
    for pattern in _ABOUT:
        if match := pattern.fullmatch(asked):
            what = match["what"].strip("\"'“”‘’«»„ ")
            is_exact = bool(match["exact"]) or what != match["what"].strip()
            if not is_exact:
                what = _ARTICLE.sub("", what, count=1)
            found = _mentions(what, manuscript, index) if what else ()
            # A thing that is not called so may be in the text in other words.
            is_certain = is_exact or what[:1].isupper() or len(found) > 1
            return found if is_certain else ()
    if match := _PRESENT.fullmatch(asked):
        chapter = _chapter(next(filter(None, match.groups())), manuscript)
        return _present(chapter, manuscript) if chapter else ()
    return ()


def _mentions(what: str, manuscript: Manuscript, index: Index) -> tuple[Mention, ...]:
    """Say where `what`, a name or a few words, is mentioned first and last, and how often."""
    wanted = tuple(folded_words(what))
    if not 0 < len(wanted) <= _LONGEST:
        return ()
    label, places = what, _places(wanted, index)
    if what[:1].isupper():  # "Rose" is no rose, where the text has both.
        places = [place for place in places if index.text[place[0]].isupper()] or places
    if named := _named(wanted, manuscript):
        label, places = named.label, list(named.places)
        also = [written for written, _ in named.variants if written != label][:_LISTED]
        label += f" ({', '.join(also)})" if also else ""
    if not places:
        return (Mention(f"The manuscript nowhere has “{what}”."),)
    found = []
    for when, place in (("First", places[0]), ("Last", places[-1])):
        chapter = index.chapter_at(place[0])
        where = f" in {chapter.name}" if chapter else ""
        found.append(Mention(f"{when} mention of {label}{where}.", *_sentence(place, manuscript)))
    counts = Counter(chapter.name for at, _ in places if (chapter := index.chapter_at(at)))
    times = f"{len(places):,} times" if len(places) > 1 else "once"
    inside = f", in {len(counts):,} of {len(index.chapters):,} chapters" if counts else ""
    most = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(_LISTED))
    of = ": " if len(counts) <= _LISTED else f"; the {_LISTED} with most: "
    found.append(Mention(f"{label} is mentioned {times}{inside}{of + most if most else ''}."))
    return tuple(found if len(places) > 1 else [found[0], found[2]])


def _places(wanted: Sequence[str], index: Index) -> list[tuple[int, int]]:
    """Return where these words, folded, follow each other; the last may have a genitive's s."""
    *before, last = wanted
    numbers = {number for end in (last, f"{last}'s") for number in index.find((*before, end))}
    return [
        (index.starts[at], index.ends[at + len(wanted) - 1])
        for at in sorted(numbers)
        if all(_joins(index, number) for number in range(at, at + len(wanted) - 1))
    ]


def _joins(index: Index, number: int) -> bool:
    """Whether nothing but a space, a hyphen or a title's full stop parts a word from the next."""
    between = index.text[index.ends[number] : index.starts[number + 1]]
    if index.folded(number, number + 1)[0] in TITLES:
        between = between.removeprefix(".")
    return between in _JOINTS


def _named(wanted: Sequence[str], manuscript: Manuscript) -> Name | None:
    """Return the one name that is written so, titles aside; None where none or several are."""
    bare = [word for word in wanted if word not in TITLES] or list(wanted)
    exact, without_title = [], []
    for name in book_names(manuscript):
        for written, _ in name.variants:
            parts = folded_words(written)
            if parts == list(wanted):
                exact.append(name)
            elif [part for part in parts if part not in TITLES] == bare:
                without_title.append(name)
    for names in (exact, without_title):
        if len(set(names)) == 1:
            return names[0]
    return None


def _present(chapter: Chapter, manuscript: Manuscript) -> tuple[Mention, ...]:
    """Say who is named in a chapter, the most often named first."""
    counted = []
    for name in book_names(manuscript):
        inside = [place for place in name.places if chapter.start <= place[0] < chapter.end]
        if inside:
            counted.append((len(inside), name.label, inside[0]))
    counted.sort(key=lambda one: (-one[0], one[1]))
    where = chapter.name
    if not counted:
        return (Mention(f"No name that the manuscript has at least three times is in {where}."),)
    more = f" The {_LISTED} named most:" if len(counted) > _LISTED else ""
    names = "names" if len(counted) > 1 else "name"
    found = [Mention(f"{len(counted):,} {names} in {where}; not all need be people.{more}")]
    for count, label, place in counted[:_LISTED]:
        times = f"{count:,} times" if count > 1 else "once"
        found.append(Mention(f"{label}: {times}, first here.", *_sentence(place, manuscript)))
    return tuple(found)


def _chapter(named: str, manuscript: Manuscript) -> Chapter | None:
    """Return the one chapter that is called so: by its name, heading, title, or its number."""
    wanted = folded_words(named)
    chapters = [
        chapter
        for chapter in manuscript.chapters
        if any(
            folded_words(name) == wanted
            for name in (chapter.name, chapter.heading, chapter.title, *_numbered(chapter))
            if name
        )
    ]
    return chapters[0] if len(chapters) == 1 else None


def _numbered(chapter: Chapter) -> Iterator[str]:
    if chapter.number is not None:
        yield f"{chapter.kind} {chapter.number}"
        yield f"the {chapter.kind} {chapter.number}"


def _sentence(place: tuple[int, int], manuscript: Manuscript) -> tuple[int, int]:
    """Return the sentence in which a place stands."""
    spans = sentences(manuscript.text, *manuscript.paragraph_at(place[0]))
    at = bisect_right(spans, place[0], key=lambda span: span[0]) - 1
    return spans[at] if at >= 0 and place[1] <= spans[at][1] else place


@lru_cache(maxsize=4)
def book_names(manuscript: Manuscript) -> tuple[Name, ...]:
    """Return the names of a manuscript, made once for the last few; see `measures.names_of`."""
    return names_of(manuscript)

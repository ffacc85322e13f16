"""Who is in which chapter, by the names that a model gave with its scores.

Case, a possessive and an article in front of a name do not matter; titles, first names and surnames
are joined as in the book itself (`text.personal_names.bearers`). "Bennet" beside two Bennets stays
apart: nobody said which.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from components.evidence import Index, is_known_name
from components.manuscripts.text.personal_names import TITLES, WrittenName, bearers
from components.plots.chapter_axis import Book
from components.plots.passage_points import Point

#: Rows of the plot.
MOST = 15

#: Names listed in the description of the plot.
_LISTED = 5

_POSSESSIVE = re.compile(r"['’]s?$")
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Person:
    """A character by the name that the model uses most, and the other names that it uses.

    `points` are the numbers of the passages that name them, by chapter, both from 0. `is_known`
    says whether the manuscript has the name.
    """

    label: str
    also: tuple[str, ...]
    points: dict[int, tuple[int, ...]]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in which chapter: those in most chapters first, `MOST` of them; `total` were named.

    `scored` counts the passages with scores by chapter, from 0, where there are any.
    """

    people: tuple[Person, ...]
    total: int
    scored: dict[int, int]

    def share(self, person: Person, chapter: int) -> float:
        """Return the share of a chapter's scored passages that name somebody."""
        return len(person.points[chapter]) / self.scored[chapter]

    def gaps(self, chapters: int) -> list[tuple[float, float]]:
        """Return the stretches of an axis of so many chapters that have no scores."""
        return [(n + 0.5, n + 1.5) for n in range(chapters) if n not in self.scored]

    def in_words(self, chapters: int) -> str:
        """Describe it: who is in most chapters, and which names the manuscript does not have."""
        if not self.people:
            return "The model named no characters."
        most = [f"{person.label} in {len(person.points):,}" for person in self.people[:_LISTED]]
        text = f"Of {chapters:,} chapters, the model names {_listed(most)}."
        if self.total > len(self.people):
            text += f" {self.total:,} names in all, of which {len(self.people)} are shown."
        unknown = [person.label for person in self.people if not person.is_known]
        if unknown:
            text += f" Not in the manuscript: {_listed(unknown)}."
        return text


def presence(book: Book, points: Sequence[Point], index: Index) -> Presence:
    """Return the characters that the scores name, and whether `index` has their names."""
    chapters = range(len(book.glance.stretches))
    scored = Counter(
        chapter
        for chapter in chapters
        for point in points
        if point.scores is not None and point.touches(chapter)
    )
    numbers_of: dict[str, set[int]] = defaultdict(set)
    times: Counter[str] = Counter()
    for point in points:
        for written in point.scores.characters if point.scores is not None else ():
            if name := cleaned(written):
                numbers_of[name].add(point.number)
                times[name] += 1
    people = []
    for names in merged(times):
        numbers = sorted(set().union(*(numbers_of[name] for name in names)))
        by_chapter = {
            chapter: here
            for chapter in chapters
            if (here := tuple(number for number in numbers if points[number].touches(chapter)))
        }
        if by_chapter:
            is_known = any(is_known_name(name, index) for name in names)
            people.append(Person(names[0], tuple(names[1:]), by_chapter, is_known))
    people.sort(
        key=lambda person: (
            -len(person.points),
            -sum(map(len, person.points.values())),
            person.label,
        )
    )
    return Presence(tuple(people[:MOST]), len(people), dict(scored))


def cleaned(name: str) -> str:
    """Return a name without an aside, a possessive, an article and spaces around it."""
    words = _POSSESSIVE.sub("", _ASIDE.sub("", name).strip(" .,;:")).split()
    if len(words) > 1 and words[0].casefold() in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def merged(times: Counter[str]) -> list[list[str]]:
    """Group names that are one person's; `times` counts how often each is used.

    The first of each group is the one used most often; of those, the longest.
    """
    counts: Counter[WrittenName] = Counter()
    for name, count in times.items():
        counts[_written(name)] += count
    bearer = bearers(counts)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in times:
        groups[bearer[_written(name)]].append(name)
    return [
        sorted(group, key=lambda name: (-times[name], -len(name), name))
        for group in groups.values()
    ]


def _written(name: str) -> WrittenName:
    words = [_POSSESSIVE.sub("", word.casefold()).strip(".,") for word in name.split()]
    words = [word for word in words if word] or [name.casefold()]
    is_titled = len(words) > 1 and words[0] in TITLES
    return (words[0], tuple(words[1:])) if is_titled else ("", tuple(words))


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"

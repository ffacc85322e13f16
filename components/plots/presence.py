"""Who is in which chapter, by the names that a model gave with its scores.

Names are merged by simple rules, which can be told: case, a possessive and an article in front do
not matter; a title does not, where only one goes with the name ("Mr. Darcy", "Darcy"); one name is
the same as a full name that holds it, where only one does ("Darcy", "Fitzwilliam Darcy"). "Bennet"
beside two Bennets stays on its own: nobody said which.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from components.evidence import Index, is_known_name
from components.evidence.common_words import TITLES
from components.plots.chapter_axis import Book
from components.plots.passage_points import Point

#: Rows of the plot.
MOST = 15

_POSSESSIVE = re.compile(r"['’]s?$")
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_ARTICLES = frozenset({"the", "a", "an"})

#: Words of a name without its title, in lower case; and the title, empty without.
_Key = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Person:
    """A character by the name that the model uses most, and what else it writes.

    `points` are the numbers of the passages that it names them in, by chapter, both from 0.
    `is_known` says whether the manuscript has the name.
    """

    label: str
    also: tuple[str, ...]
    points: dict[int, tuple[int, ...]]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in which chapter: those in most chapters first, `MOST` of them; `total` were named.

    `scored` are the chapters, from 0, of which there is any score, and of how many passages.
    """

    people: tuple[Person, ...]
    total: int
    scored: dict[int, int]


def presence(book: Book, found: Sequence[Point], index: Index) -> Presence:
    """Return the characters that the scores name, and whether `index` has their names."""
    chapters = range(len(book.glance.stretches))
    scored = {
        chapter: count
        for chapter in chapters
        if (count := sum(one.scores is not None and one.touches(chapter) for one in found))
    }
    said: dict[str, set[int]] = defaultdict(set)
    times: Counter[str] = Counter()
    for one in found:
        for name in one.scores.characters if one.scores is not None else ():
            if tidy := cleaned(name):
                said[tidy].add(one.number)
                times[tidy] += 1
    people = []
    for names in merged(times):
        numbers = sorted(set().union(*(said[name] for name in names)))
        places = {
            chapter: here
            for chapter in chapters
            if (here := tuple(n for n in numbers if found[n].touches(chapter)))
        }
        if places:
            is_known = any(is_known_name(name, index) for name in names)
            people.append(Person(names[0], tuple(names[1:]), places, is_known))
    people.sort(key=lambda one: (-len(one.points), -sum(map(len, one.points.values())), one.label))
    return Presence(tuple(people[:MOST]), len(people), scored)


def cleaned(name: str) -> str:
    """Return a name without what is added to it: an aside, a possessive, an article, spaces."""
    words = _POSSESSIVE.sub("", _ASIDE.sub("", name).strip(" .,;:")).split()
    if len(words) > 1 and words[0].casefold() in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def merged(times: Counter[str]) -> list[list[str]]:
    """Return names that are one person's together, by how often each is `times` said.

    The first of each is the one that is said most often; of those, the longest.
    """
    keys = {name: _key(name) for name in times}
    keys = _without_titles(keys)
    keys = _in_full_names(keys)
    groups: dict[_Key, list[str]] = defaultdict(list)
    for name, key in keys.items():
        groups[key].append(name)
    return [sorted(group, key=_most(times)) for group in groups.values()]


def _most(times: Counter[str]) -> Callable[[str], tuple[int, int, str]]:
    return lambda name: (-times[name], -len(name), name)


def _key(name: str) -> _Key:
    words = [_POSSESSIVE.sub("", word.casefold()).strip(".,") for word in name.split()]
    words = [word for word in words if word]
    if len(words) > 1 and words[0] in TITLES:
        return tuple(words[1:]), words[0]
    return tuple(words), ""


def _without_titles(keys: dict[str, _Key]) -> dict[str, _Key]:
    """Leave out a title where no other goes with the name."""
    titles: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for words, title in keys.values():
        if title:
            titles[words].add(title)
    return {
        name: (words, "") if len(titles[words]) < 2 else (words, title)
        for name, (words, title) in keys.items()
    }


def _in_full_names(keys: dict[str, _Key]) -> dict[str, _Key]:
    """Give a name that is a part of one other name, and of one only, the key of that."""
    every = set(keys.values())
    same = {}
    for key in every:
        words, title = key
        holders = [one for one in every if one != key and not one[1] and _holds(one[0], words)]
        rivals = [one for one in every if one != key and one[0] == words]
        if len(holders) == 1 and not title and not rivals:
            same[key] = holders[0]
    return {name: _last(key, same) for name, key in keys.items()}


def _last(key: _Key, same: dict[_Key, _Key]) -> _Key:
    # Each step leads to a longer name, so there is an end.
    while key in same:
        key = same[key]
    return key


def _holds(full: Iterable[str], part: Sequence[str]) -> bool:
    """Whether `part` begins or ends the full name."""
    words = tuple(full)
    count = len(part)
    return len(words) > count > 0 and tuple(part) in (words[:count], words[-count:])

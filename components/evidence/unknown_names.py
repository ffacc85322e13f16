"""Names in an answer that the manuscript never has.

A capital tells a name only in the middle of a sentence, and there it has to follow a small word or
another name. What remains is compared with every word of the manuscript. Whatever could be no name
is left out: an editor who is told of ten names of which nine are none reads none of them. So what
follows an article, stands in italics or bold, in quotation marks or in a line of capitals is not
told; neither are words of calendars, peoples, criticism and well-known writers. In German, where
every noun has a capital, only names after a title or of two words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from components.evidence.common_words import ARTICLES, GERMAN, ORDINARY, PARTICLES, TITLES
from components.evidence.comparable_words import fold, without_accents, words
from components.evidence.text_index import Index

#: Letters of the shortest name that is told.
_SHORTEST = 3
#: How a word ends that says whose or of what kind, rather than who.
_ENDINGS = re.compile(
    r"(?:ians?|eans?|ists?|isms?|esque|ics?|ness|tions?|ités?|isch\w{0,2}|ish|ese|ité|ment|ung|heit"
    r"|keit|schaft|ción|dad|ology|hood|ship)$"
)
#: What may be added to a name: the genitive, a plural, who comes from there.
_ADDED = ("'s", "es", "s", "'", "n", "en", "er", "ers", "an", "ans", "ian", "ians", "like")
#: So large a share of capitals in a line makes it a title, or German.
_CAPITALS = 0.65
_GERMAN_WORDS = 2


def unknown_names(
    text: str, taken: Sequence[tuple[int, int]], index: Index
) -> Iterator[tuple[int, int]]:
    """Yield where in `text`, a paragraph, a name stands that the manuscript never has.

    `taken` are parts of `text` that are looked at otherwise.
    """
    found = list(words(text))
    spelled = [match[0] for match in found]
    capitals = [_is_capital(word) for word in spelled]
    counted = sum(map(_counts_as_capital, spelled))
    if len(found) < _SHORTEST or counted > _CAPITALS * len(found):
        return
    is_german = sum(word in GERMAN for word in spelled) >= _GERMAN_WORDS
    number = 1
    while number < len(found):
        if not capitals[number] or not _goes_on(text, found[number - 1], found[number]):
            number += 1
            continue
        first = number
        while number + 1 < len(found) and _same_name(text, found, spelled, number):
            number += 1
        while not capitals[number]:
            number -= 1
        run = spelled[first : number + 1]
        start, end = found[first].start(), found[number].end()
        number += 1
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        before = spelled[first - 1]
        if before.lower() in ARTICLES and not is_german:
            continue
        if _is_unknown(run, index, is_german=is_german, before=before):
            yield start, end - (2 if run[-1].endswith(("'s", "’s")) else 0)


def _is_capital(word: str) -> bool:
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _counts_as_capital(word: str) -> bool:
    return word[0].isupper() and fold(word) not in TITLES


def _goes_on(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Whether the sentence goes on from one word to the next, and no sign begins another."""
    between = text[before.end() : word.start()]
    if between not in {" ", ", ", "\n", "-", "’", "'"} and between.strip() not in {"", ","}:
        # After the point of "Mr." and "Dr." too.
        return between == ". " and fold(before[0]) in TITLES
    return bool(between)


def _same_name(text: str, found: list[re.Match[str]], spelled: list[str], number: int) -> bool:
    """Whether the word after `number` belongs to the same name."""
    between = text[found[number].end() : found[number + 1].start()]
    joined = between in {" ", "-"} or (between == ". " and fold(spelled[number]) in TITLES)
    if spelled[number].endswith(("'s", "’s")):
        return False
    if not joined:
        return False
    following = spelled[number + 1]
    if _is_capital(following):
        return True
    after = spelled[number + 2] if number + 2 < len(spelled) else ""
    return following in PARTICLES and after[:1].isupper()


def _is_unknown(run: Sequence[str], index: Index, *, is_german: bool, before: str) -> bool:
    """Whether one of the words of a name is nowhere in the manuscript, and all may be a name's."""
    core = [word for word in run if fold(word) not in TITLES and word not in PARTICLES]
    has_title = len(core) < len(run) or fold(before) in TITLES
    if not core or (is_german and len(core) < 2 and not has_title):
        return False
    if any(_is_ordinary(word) for word in core):
        return False
    return any(len(word) >= _SHORTEST and not _is_known(word, index) for word in core)


def _is_ordinary(word: str) -> bool:
    folded = fold(word).removesuffix("'s")
    return (
        folded in ORDINARY
        or folded.removesuffix("s") in ORDINARY
        or bool(_ENDINGS.search(folded))
        or word.isupper()
        or any(character.isdigit() for character in word)
    )


def _is_known(word: str, index: Index) -> bool:
    """Whether the manuscript has the word, or what it is made of."""
    folded = fold(word)
    vocabulary = index.vocabulary
    stems = [folded, *(folded.removesuffix(one) for one in _ADDED if folded.endswith(one))]
    for stem in stems:
        if stem in vocabulary or any(stem + one in vocabulary for one in ("s", "'s", "es")):
            return True
    return without_accents(folded) in index.plain_vocabulary


def is_known_name(name: str, index: Index) -> bool:
    """Whether the manuscript has every word of `name` that could be a name's, titles aside.

    Words such as "narrator" are no names, and count as known: nobody is missed by them.
    """
    core = [
        match[0]
        for match in words(name)
        if fold(match[0]) not in TITLES and fold(match[0]) not in PARTICLES
    ]
    return all(
        len(word) < _SHORTEST or _is_ordinary(word) or _is_known(word, index) for word in core
    )

"""Statements about one subject that cannot both be true as they are written.

Only what code can compare is compared: numbers, weekdays, months and colours beside the same words,
a word and its opposite, a statement and its negation, and the plain words that two statements give
to one attribute ("Anna's job"). Whether it is a mistake of the book, a lie or a year that has gone
by is for the editor to judge.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from components.evidence.claims.content_words import content
from components.evidence.claims.contraries import are_opposites, is_negated
from components.evidence.claims.figures import figures
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.manuscripts.text.personal_names import TITLES, WrittenName, bearers, word_set

Key = TypeVar("Key")

_COLOURS = word_set(
    """
    black white red green blue brown yellow grey gray pink purple violet orange golden gold silver
    blond blonde auburn hazel ginger crimson scarlet
    schwarz weiß rot grün blau braun gelb grau noir blanc blanche rouge vert bleu brun jaune gris
    grise negro negra blanco blanca rojo roja verde azul marrón amarillo
    """
)
#: A German adjective's.
_ENDING = re.compile(r"e[nrsm]?$")
_SAME = {"gray": "grey", "blonde": "blond", "gold": "golden", "blanche": "blanc", "grise": "gris"}
#: They say that a number is an age, or that a word is a colour, and add nothing.
_OF_AGE = frozenset(
    map(stem, ("age", "aged", "year", "years", "old", "Jahre", "alt", "ans", "años"))
)
_SAYS_NOTHING = frozenset(map(stem, ("colour", "color", "coloured", "colored", "Farbe", "couleur")))
#: Words of the longest value that only names something: a job, a place.
_PLAIN = 3


@dataclass(frozen=True, slots=True)
class Contradiction(Generic[Key]):
    """What is said of one subject, side by side: each value as it was first written, its keys."""

    subject: str
    sides: tuple[tuple[str, tuple[Key, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Statement(Generic[Key]):
    subject: str
    value: str
    key: Key
    #: What the subject owns that is spoken of; what the value says beside what is compared.
    attribute: frozenset[str]
    rest: frozenset[str]
    measured: dict[str, frozenset[str]] = field(default_factory=dict)
    negated: bool = False


def contradictions(entries: Iterable[tuple[str, str, Key]]) -> list[Contradiction[Key]]:
    """Return where `entries`, each a subject, what is said of it and a key, contradict each other.

    A subject is a name or a thing, or what one of them has: "Anna's eyes", "Anna: eyes". Names of
    one person are joined. The order is that of the entries.
    """
    entries = list(entries)
    subjects = _subjects([subject for subject, _, _ in entries])
    groups: dict[tuple[str, ...], list[_Statement[Key]]] = defaultdict(list)
    for subject, value, key in entries:
        owner, attribute = subjects[subject]
        groups[owner].append(_statement(subject, attribute, value, key))
    found = []
    for statements in groups.values():
        while statements:
            first, *others = statements
            against = [other for other in others if _contradict(first, other)]
            if against:
                about = [first, *(one for one in others if one in against or _agree(first, one))]
                found.append(Contradiction(first.subject, _sides(about)))
                others = [other for other in others if other not in about]
            statements = others
    return found


def _subjects(subjects: Sequence[str]) -> dict[str, tuple[tuple[str, ...], frozenset[str]]]:
    """Return for each subject a key of who or what it is, and the stems of what it has."""
    split = {subject: _owner(subject) for subject in dict.fromkeys(subjects)}
    written = {subject: _written(owner) for subject, (owner, _) in split.items()}
    counts: Counter[WrittenName] = Counter(
        written[subject] for subject in subjects if split[subject][0][:1].isupper()
    )
    keys = bearers(counts)
    return {
        subject: (keys.get(written[subject], written[subject][1]), content(attribute))
        for subject, (_, attribute) in split.items()
    }


def _owner(subject: str) -> tuple[str, str]:
    """Return who or what a subject is, and what of it is spoken of."""
    for sign in (":", "(", "’s ", "'s ", ", ", " – ", " — "):
        owner, found, attribute = subject.partition(sign)
        if found and owner.strip():
            return owner.strip(), attribute.strip(" )")
    attribute, found, owner = subject.partition(" of ")
    if found and owner[:1].isupper() and not attribute[:1].isupper():
        return owner.strip(), attribute
    return subject.strip(), ""


def _written(owner: str) -> WrittenName:
    folded = folded_words(owner)
    title = folded[0] if len(folded) > 1 and folded[0] in TITLES else ""
    name = folded[1:] if title else [word for word in folded if word != "the"]
    return title, tuple(name or folded or [""])


def _statement(subject: str, attribute: frozenset[str], value: str, key: Key) -> _Statement[Key]:
    measured: dict[str, frozenset[str]] = {}
    spent: set[str] = set()
    for (kind, figure), written in figures(value):
        measured[kind] = measured.get(kind, frozenset()) | {figure}
        spent |= {figure, *(stem(match[0]) for match in words(written))}
    for match in words(value):
        folded = fold(match[0])
        colour = folded if folded in _COLOURS else _ENDING.sub("", folded)
        if colour in _COLOURS:
            measured["colour"] = measured.get("colour", frozenset()) | {_SAME.get(colour, colour)}
            spent.add(stem(colour))
    rest = (content(value) | attribute) - spent - _SAYS_NOTHING
    if "number" in measured and rest & _OF_AGE:
        measured["age"] = measured.pop("number")
        rest -= _OF_AGE
    return _Statement(
        subject, value, key, attribute - _SAYS_NOTHING, rest, measured, is_negated(value)
    )


def _contradict(one: _Statement[Key], other: _Statement[Key]) -> bool:
    if one.measured.keys() & other.measured.keys():
        return _same_matter(one, other) and any(
            one.measured[kind].isdisjoint(other.measured[kind])
            for kind in one.measured.keys() & other.measured.keys()
        )
    if one.measured or other.measured:
        return False
    if one.rest == other.rest:
        return one.negated != other.negated
    if are_opposites(one.value, other.value):
        return one.attribute == other.attribute
    said, otherwise = one.rest - one.attribute, other.rest - other.attribute
    return (
        bool(one.attribute)
        and one.attribute == other.attribute
        and one.negated == other.negated
        and min(len(said), len(otherwise)) > 0
        and max(len(said), len(otherwise)) <= _PLAIN
        and said.isdisjoint(otherwise)
    )


def _same_matter(one: _Statement[Key], other: _Statement[Key]) -> bool:
    """Whether two values measure one thing: they share most of their other words."""
    shared = len(one.rest & other.rest)
    return 2 * shared >= max(len(one.rest), len(other.rest))


def _agree(one: _Statement[Key], other: _Statement[Key]) -> bool:
    return _value_of(one) == _value_of(other) and _same_matter(one, other)


def _value_of(statement: _Statement[Key]) -> tuple[object, ...]:
    measured = tuple(sorted(statement.measured.items()))
    return (measured or tuple(sorted(statement.rest)), statement.negated)


def _sides(statements: Sequence[_Statement[Key]]) -> tuple[tuple[str, tuple[Key, ...]], ...]:
    sides: dict[object, list[_Statement[Key]]] = defaultdict(list)
    for statement in statements:
        sides[_value_of(statement)].append(statement)
    return tuple((side[0].value, tuple(one.key for one in side)) for side in sides.values())

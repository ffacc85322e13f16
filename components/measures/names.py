"""Names by mention: what is written with a capital where no sentence begins.

That they are people cannot be told for sure, so they are called names, and the editor hides the
places among them. "Mr. Darcy" and "Darcy" are one where no other title goes with the name as often;
"Charles Bingley" is one with both of its halves where each half belongs to the other alone.
Languages that write all nouns with capitals, such as German, cannot be measured so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from components.measures.name_words import NO_NAMES, PARTICLES, TITLES
from components.measures.occurrences import Occurrence
from components.measures.word_tokens import Tokens

#: The languages in which a capital inside a sentence means a name.
LANGUAGES = ("en", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "fi")

#: Times a name is mentioned, at least, to be listed.
_LEAST = 3
#: Share of a word's uses that have a capital: "Will" and "Rose" are words, too.
_CAPITAL = 0.7
#: Share of the titled mentions that a title needs for the bare name to be its.
_DOMINANT = 1 / 2

#: Characters between two words of one name; after a title, a full stop too.
_JOINS = frozenset({" ", "\n", ". ", ".\n", "\u00a0", ".\u00a0"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name, what else it is written as with how often, and where it is mentioned."""

    label: str
    variants: tuple[tuple[str, int], ...]
    places: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class NameMention:
    """One place: the title in lower case (empty without), the words of the name in lower case."""

    title: str
    words: tuple[str, ...]
    first: int
    last: int


def names(tokens: Tokens, language: str) -> tuple[Name, ...]:
    """Return the names of a text, those mentioned most first."""
    known, never = _name_words(tokens, language), NO_NAMES.get(language, frozenset())
    found = list(_mentions(tokens, known, never))
    key_of = _keys(found)
    grouped: dict[tuple[str, ...], list[NameMention]] = defaultdict(list)
    for mention in found:
        grouped[key_of[mention.title, mention.words]].append(mention)
    result = []
    for group in grouped.values():
        if len(group) < _LEAST:
            continue
        written = Counter(_written(tokens, mention) for mention in group)
        ordered = sorted(written.items(), key=lambda item: (-item[1], item[0]))
        places = tuple(tokens.place(one.first, one.last) for one in group)
        result.append(Name(ordered[0][0], tuple(ordered), places))
    return tuple(sorted(result, key=lambda one: (-len(one.places), one.label)))


def name_forms(found: tuple[Name, ...]) -> frozenset[str]:
    """Return all words of the names, in lower case, with and without a possessive."""
    words = {
        word.lower().strip(".")
        for name in found
        for variant, _ in name.variants
        for word in variant.replace("’", "'").split()
    }
    return frozenset(words | {f"{word}'s" for word in words} | {f"{word}s" for word in words})


def _name_words(tokens: Tokens, language: str) -> frozenset[str]:
    """Return the words, in lower case, that are names wherever they have a capital."""
    inside: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for index, form in enumerate(tokens.forms):
        bare = form.removesuffix("'s")
        if index not in tokens.capitals:
            lower[bare] += 1
        elif not _begins(tokens, index):
            inside[bare] += 1
    never = NO_NAMES.get(language, frozenset())
    return frozenset(
        word
        for word, count in inside.items()
        if count >= 2
        and len(word) > 1
        and word not in never
        and word not in TITLES
        and count >= _CAPITAL * (count + lower[word])
    )


def _begins(tokens: Tokens, index: int) -> bool:
    """Whether a capital here may come of a beginning: of a sentence, of speech, after a colon."""
    if index == 0 or tokens.sentence[index - 1] != tokens.sentence[index]:
        return True
    between = tokens.text[tokens.ends[index - 1] : tokens.starts[index]]
    return tokens.forms[index - 1] not in TITLES and between not in {
        " ",
        "\n",
        ", ",
        ",\n",
        "\u00a0",
    }


def _mentions(
    tokens: Tokens, known: frozenset[str], never: frozenset[str]
) -> Iterator[NameMention]:
    total, index = len(tokens), 0
    for start in sorted(tokens.capitals):
        if start < index:
            continue
        index, title = start, ""
        if tokens.forms[index] in TITLES:
            title = tokens.forms[index]
            index += 1
        words: list[str] = []
        last = index
        while index < total and (not (title or words) or _joined(tokens, index)):
            form = tokens.forms[index]
            bare = form.removesuffix("'s")
            if index in tokens.capitals and (bare in known or _may_join(tokens, index, never)):
                words.append(bare)
                last = index
            elif not (words and form in PARTICLES and _goes_on(tokens, index, known)):
                break
            index += 1
            if form != bare:
                break
        if any(word in known for word in words):
            yield NameMention(title, tuple(words), start, last)
        index = max(index, start + 1)


def _may_join(tokens: Tokens, index: int, never: frozenset[str]) -> bool:
    """Whether a common word with a capital is part of a name: the Medical Man, Green Porcelain."""
    form = tokens.forms[index]
    if form in never or form in TITLES or _begins(tokens, index):
        return False
    return len(form) > 1 and not tokens.surface(index).isupper()


def _joined(tokens: Tokens, index: int) -> bool:
    between = tokens.text[tokens.ends[index - 1] : tokens.starts[index]]
    if "." in between and tokens.forms[index - 1] not in TITLES:
        return False
    return between in _JOINS and tokens.sentence[index - 1] == tokens.sentence[index]


def _goes_on(tokens: Tokens, index: int, known: frozenset[str]) -> bool:
    following = index + 1
    return (
        following < len(tokens)
        and tokens.forms[following].removesuffix("'s") in known
        and following in tokens.capitals
        and _joined(tokens, following)
    )


def _keys(found: list[NameMention]) -> dict[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """Return for each way to name somebody the key of whom it names."""
    counts = Counter((one.title, one.words) for one in found)
    titles: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: dict[str, Counter[str]] = defaultdict(Counter)
    lasts: dict[str, Counter[str]] = defaultdict(Counter)
    alone = {words[0] for _, words in counts if len(words) == 1}
    for (title, words), count in counts.items():
        if title:
            titles[words[-1]][title] += count
        if len(words) > 1 and count > 1:  # Once, two names may only have met: "to London Lydia".
            firsts[words[-1]][words[0]] += count
            lasts[words[0]][words[-1]] += count
    keys = {}
    for title, words in counts:
        if len(words) == 1:
            key = _single(title, words[0], titles)
            # A surname that one first name has, and nobody with another title, is that person's.
            if key == ("", words[0]) and len(firsts[words[0]]) == 1 and len(titles[words[0]]) < 2:
                (first,) = firsts[words[0]]
                if len(lasts[first]) == 1 and first in alone:
                    key = _single("", first, titles)
        elif words[0] in alone and (len(lasts[words[0]]) == 1 or counts[title, words] == 1):
            key = _single("", words[0], titles)
        elif words[0] not in alone and len(firsts[words[-1]]) == 1:
            key = _single(title, words[-1], titles)
        else:
            key = ("", *words)
        keys[title, words] = key
    return keys


def _single(title: str, word: str, titles: dict[str, Counter[str]]) -> tuple[str, ...]:
    """Return the key of a name of one word: with its title where several titles go with it."""
    known = titles[word]
    if len(known) < 2:
        return ("", word)
    usual, count = known.most_common(1)[0]
    owner = usual if count > _DOMINANT * known.total() else ""
    return ("", word) if (title or owner) == owner else (title, word)


def _written(tokens: Tokens, mention: NameMention) -> str:
    start, end = tokens.place(mention.first, mention.last)
    return " ".join(tokens.text[start:end].split()).removesuffix("’s").removesuffix("'s")

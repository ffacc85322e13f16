"""Names by mention: what is written with a capital where no sentence begins.

That they are people cannot be told for sure, so they are called names, and the editor hides the
places among them. "Mr. Darcy" and "Darcy" are one where no other title goes with the name as often;
"Charles Bingley" is one with both of its halves where each half belongs to the other alone.
Languages that write all nouns with capitals, such as German, cannot be measured so.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from components.manuscripts.text.personal_names import (
    NO_NAMES,
    TITLES,
    WrittenName,
    bearers,
    continues,
    name_runs,
)
from components.measures.occurrences import Listed, Occurrence
from components.measures.word_tokens import Tokens

#: The languages in which a capital inside a sentence means a name.
LANGUAGES = ("en", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "fi")

#: Times a name is mentioned, at least, to be listed.
_LEAST = 3
#: Share of a word's uses that have a capital: "Will" and "Rose" are words, too.
_CAPITAL = 0.7


@dataclass(frozen=True, slots=True)
class Name(Listed):
    """A name, and how it is written, with how often."""

    variants: tuple[tuple[str, int], ...]


def names(tokens: Tokens, language: str) -> tuple[Name, ...]:
    """Return the names of a text, those mentioned most first."""
    never = NO_NAMES.get(language, frozenset())
    mentions = list(_mentions(tokens, _name_words(tokens, never), never))
    # Once, two names may only have met: "to London Lydia".
    bearer = bearers(Counter(name for name, _ in mentions), least=2)
    grouped: dict[tuple[str, ...], list[Occurrence]] = defaultdict(list)
    for name, place in mentions:
        grouped[bearer[name]].append(place)
    result = []
    for places in grouped.values():
        if len(places) < _LEAST:
            continue
        mentioned = (" ".join(tokens.text[start:end].split()) for start, end in places)
        written = Counter(name.removesuffix("’s").removesuffix("'s") for name in mentioned)
        ordered = sorted(written.items(), key=lambda item: (-item[1], item[0]))
        result.append(Name(ordered[0][0], tuple(places), tuple(ordered)))
    return tuple(sorted(result, key=lambda name: (-len(name.places), name.label)))


def joined_names(
    names: Iterable[Name], joined: Iterable[Sequence[str]], hidden: Collection[str]
) -> list[Name]:
    """Return the names that are not hidden, those mentioned most first.

    Each group of `joined` labels becomes one name, called by the first.
    """
    first_of = {label: group[0] for group in joined for label in group}
    groups: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.label not in hidden:
            groups[first_of.get(name.label, name.label)].append(name)
    whole = [
        Name(
            label,
            tuple(sorted(place for name in group for place in name.places)),
            tuple(variant for name in group for variant in name.variants),
        )
        for label, group in groups.items()
    ]
    return sorted(whole, key=lambda name: -len(name.places))


def name_forms(names: tuple[Name, ...]) -> frozenset[str]:
    """Return all words of the names, in lower case, with and without a possessive."""
    words = {
        word.lower().strip(".")
        for name in names
        for variant, _ in name.variants
        for word in variant.replace("’", "'").split()
    }
    return frozenset(words | {f"{word}'s" for word in words} | {f"{word}s" for word in words})


def _name_words(tokens: Tokens, never: frozenset[str]) -> frozenset[str]:
    """Return the words, in lower case, that are names wherever they have a capital."""
    inside: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for index, form in enumerate(tokens.forms):
        bare = form.removesuffix("'s")
        if index not in tokens.capitals:
            lower[bare] += 1
        elif not _begins(tokens, index):
            inside[bare] += 1
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
    """Whether a capital here may come from a beginning: of a sentence, of speech, after a colon."""
    if index == 0 or tokens.sentence[index - 1] != tokens.sentence[index]:
        return True
    between = tokens.text[tokens.ends[index - 1] : tokens.starts[index]]
    return not continues(between, tokens.forms[index - 1])


def _mentions(
    tokens: Tokens, known: frozenset[str], never: frozenset[str]
) -> Iterator[tuple[WrittenName, Occurrence]]:
    """Yield each mention: title (empty without) and words in lower case, and where it stands."""
    forms, sentence = tokens.forms, tokens.sentence

    def is_name(index: int) -> bool:
        """Whether a word is part of a name, such as a common one in "the Medical Man"."""
        if index not in tokens.capitals:
            return False
        form = forms[index]
        if form.removesuffix("'s") in known:
            return True
        if form in never or form in TITLES or _begins(tokens, index):
            return False
        return len(form) > 1 and not tokens.text[slice(*tokens.place(index))].isupper()

    def is_part(index: int) -> bool:
        return is_name(index) and bool(sentence[index - 1] == sentence[index])

    first_words = (
        index for index in sorted(tokens.capitals) if forms[index] in TITLES or is_name(index)
    )
    runs = name_runs(
        tokens.text, tokens.starts.tolist(), tokens.ends.tolist(), forms, first_words, is_part
    )
    for first, last in runs:
        title = forms[first] if forms[first] in TITLES else ""
        parts = range(first + bool(title), last + 1)
        words = tuple(forms[index].removesuffix("'s") for index in parts if is_name(index))
        if any(word in known for word in words):
            yield (title, words), tokens.place(first, last)

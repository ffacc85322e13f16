"""Whether a claim about a manuscript can rest on the sentence that it names.

A model writes a claim and the number of a sentence. The number is right or a few too high or low:
the words that claim and sentence share set it right. What in the claim the sentence does not carry,
as far as words can show it, is a doubt: it is shown to the editor, who judges.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Literal

from components.evidence.chapter_attribution import mentions
from components.evidence.comparable_words import fold, without_accents, words
from components.evidence.text_index import Index
from components.evidence.unknown_names import is_ordinary_word, unknown_names
from components.manuscripts.chapters.numerals import spelled
from components.manuscripts.text.personal_names import TITLES, word_set

DoubtKind = Literal["unknown name", "chapter named", "figure", "negation", "name elsewhere"]

#: Share of a claim's weight that the sentence must have, and of its words where negation or a
#: changed word is looked at.
_LEAST_SHARE, _CLOSE = 0.2, 0.6
#: Letters of a word's beginning that are compared: light stemming for every language.
_STEM = 5

_FUNCTION = word_set(
    """
    a an the and or but nor so yet if then than as at by for from in into of off on onto out over to
    up upon with within without about after again against all also although am any are because been
    before being below between both can could did do does doing done down during each even ever few
    further had has have having he her here hers herself him himself his how however i is it its
    itself just let like made make makes may me might more most much must my myself no not now of
    once one only other our ours own per rather same she should since some such that their theirs
    them themselves there these they this those though through too toward towards under until us
    very was we were what when where which while who whom whose why will would you your yours
    narrator character characters protagonist reader scene story text chapter passage
    der die das den dem des ein eine einen einem einer und oder aber ist war sind waren hat hatte
    haben mit von aus auf für als wie sich er sie es ihm ihn ihr ihre seine sein zu zum zur bei im
    am nach vor über unter dass nicht auch noch nur so da dann wenn wird werden kann
    le la les l un une des du de et ou mais est était sont ont a avait il elle ils elles son sa ses
    leur se s que qui qu ne n pas dans sur sous avec pour par en au aux ce cette ces d j
    el los las una unos y o pero es era son fue ha había con por para en del al se su sus que no lo
    """
)
_NEGATIONS = word_set(
    """
    not never no nobody nothing without neither nor none nowhere cannot hardly
    nicht nie niemals kein keine keinen keinem keiner keines niemand nichts ohne
    ne n' pas jamais rien personne aucun aucune sans
    nunca jamás nadie nada sin ningún ninguna ninguno
    """
)
_MULTIPLIERS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
#: Words of English that are numbers in another language, or count nothing.
_NO_FIGURES = word_set("a an one first second once elf sex due um sei die fem due ten't un une ein")

_DAYS = (
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi miércoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag sonnabend samedi sábado",
    "sunday sonntag dimanche domingo",
)
_MONTHS = (
    "january januar janvier enero",
    "february februar février febrero",
    "march märz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august août agosto",
    "september septembre septiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember décembre diciembre",
)
#: They count as a month only with a capital, and not where a sentence begins.
_ALSO_VERBS = {"may", "march", "mars", "mai"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What in a claim its sentence does not carry: `what` is in the words of the claim."""

    kind: DoubtKind
    what: str


def find_sentence(
    claim: str,
    number: int,
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    reach: int = 4,
    translated: bool = False,
) -> int | None:
    """Return the index of the sentence among `spans` of `text` that `claim` rests on.

    `number` counts from 1; sentences up to `reach` before and after it are compared with the claim
    by the words they share, rare words of the passage first. None where none of them shares
    enough. With `translated`, where claim and text are in two languages, the number is taken as
    it is.
    """
    given = number - 1
    if translated:
        return given if 0 <= given < len(spans) else None
    near = range(max(0, given - reach), min(len(spans), given + reach + 1))
    wanted = _content(claim)
    if not wanted or not near:
        return None
    sentences = [_content(text[start:end]) for start, end in spans]
    counts = Counter(stem for sentence in sentences for stem in sentence)
    weights = {stem: log(1 + len(spans) / (counts[stem] or 1)) for stem in wanted}
    scores = {at: sum(weights[stem] for stem in wanted & sentences[at]) for at in near}
    best = max(near, key=lambda at: (round(scores[at], 6), -abs(at - given)))
    shared = wanted & sentences[best]
    enough = len(shared) > 1 or len(wanted) < 4
    return (
        best if shared and enough and scores[best] >= _LEAST_SHARE * sum(weights.values()) else None
    )


def doubts(claim: str, sentence: str, index: Index, *, around: str = "") -> tuple[Doubt, ...]:
    """Return what `sentence`, from the manuscript of `index`, does not carry of `claim`.

    `around` is the sentence with its neighbours: a name or figure of the claim may stand there.
    """
    found = [Doubt("unknown name", name) for name in _unknown(claim, index)]
    found += [Doubt("chapter named", what) for what in _chapters(claim, index)]
    there, near = dict(figures(sentence)), dict(figures(around))
    for value, what in figures(claim):
        kind = value[0]
        if value not in there and (value not in near or any(one[0] == kind for one in there)):
            found.append(Doubt("figure", what))
    if negated := _negated(claim, sentence):
        found.append(Doubt("negation", negated))
    found += [Doubt("name elsewhere", name) for name in _elsewhere(claim, sentence, around, index)]
    return tuple(dict.fromkeys(found))


def stem(word: str) -> str:
    """Return what a word, folded or not, has in common with its other forms."""
    plain = without_accents(fold(word)).removesuffix("'s")
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "y"):
        if plain.endswith(ending) and len(plain) - len(ending) > 2:
            plain = plain[: -len(ending)]
            break
    return plain[:_STEM] if len(plain) <= _STEM + 1 else plain[: _STEM + 1]


def _content(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that say what it is about."""
    folded = (fold(match[0]) for match in words(text))
    return frozenset(
        stem(word) for word in folded if word not in _FUNCTION | TITLES and word.strip("'s")
    )


def _unknown(claim: str, index: Index) -> Iterator[str]:
    """Yield the names in `claim` that the manuscript never has, one that it begins with too."""
    first = next(words(claim), None)
    if first is None:
        return
    # A name is told by its capital, which the first word has anyway.
    second = next(words(claim[first.end() :]), None)
    begins = second is not None and (
        second[0][0].isupper() or fold(first[0]) in TITLES or first[0].endswith(("'s", "’s"))
    )
    lead = "there, " if begins else ""
    shifted = lead + claim
    for start, end in unknown_names(shifted, (), index):
        yield shifted[start:end]


def _chapters(claim: str, index: Index) -> Iterator[str]:
    has_letters = any(chapter.kind == "letter" for chapter in index.chapters)
    for mention in mentions(claim):
        if has_letters or not mention.is_letter:
            yield claim[mention.start : mention.end]


def figures(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the figures, weekdays and months of `text`: kind and value, and how it is written."""
    matches = list(words(text))
    folded = [fold(match[0]) for match in matches]
    at = 0
    while at < len(matches):
        word, match = folded[at], matches[at]
        if calendar := _calendar(word, match[0], is_first=at == 0):
            yield calendar, match[0]
        elif word[0].isdigit():
            digits = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", word)
            yield ("number", re.sub(r"(?:st|nd|rd|th|s)$", "", digits)), match[0]
        else:
            value, length = _in_words(folded, at)
            if value is not None:
                written = text[match.start() : matches[at + length - 1].end()]
                yield ("number", str(value)), written
                at += length - 1
        at += 1


def _calendar(word: str, written: str, *, is_first: bool) -> tuple[str, str] | None:
    bare = word.removesuffix("'s")
    name = _calendar_names().get(bare) or _calendar_names().get(bare.removesuffix("s"))
    if name is None or (bare in _ALSO_VERBS and (is_first or not written[0].isupper())):
        return None
    return name


@cache
def _calendar_names() -> dict[str, tuple[str, str]]:
    return {
        name: (kind, str(number))
        for kind, lists in (("weekday", _DAYS), ("month", _MONTHS))
        for number, names in enumerate(lists, 1)
        for name in names.split()
    }


def _in_words(folded: Sequence[str], at: int) -> tuple[int | None, int]:
    """Return the number that begins at the word `at`, and of how many words it is made."""
    for length in (4, 3, 2, 1):
        piece = folded[at : at + length]
        if len(piece) < length:
            continue
        value = spelled(" ".join(piece))
        if length == 1 and piece[0] in _NO_FIGURES:
            value = 1 if folded[at + 1 : at + 2] and folded[at + 1] in _MULTIPLIERS else None
        if value is None:
            continue
        total = value
        while at + length < len(folded) and folded[at + length] in _MULTIPLIERS:
            total *= _MULTIPLIERS[folded[at + length]]
            length += 1
            rest, more = None, 0
            skip = 1 if folded[at + length : at + length + 1] == ["and"] else 0
            if at + length + skip < len(folded):
                rest, more = _in_words(folded, at + length + skip)
            if rest is not None and rest < 100:
                return total + rest, length + skip + more
        return (total, length) if total > 1 else (None, 1)
    if folded[at] in _MULTIPLIERS:
        return _MULTIPLIERS[folded[at]], 1
    return None, 1


def _negated(claim: str, sentence: str) -> str:
    """Return the word that one of the two negates and the other has without a negation."""
    wanted, there = _content(claim), _content(sentence)
    if not wanted or len(wanted & there) < _CLOSE * len(wanted):
        return ""
    of_claim, of_sentence = _negations(claim), _negations(sentence)
    for stem_, word in of_claim:
        if stem_ in there and all(stem_ != other for other, _ in of_sentence):
            return word
    for stem_, word in of_sentence:
        if stem_ in wanted and all(stem_ != other for other, _ in of_claim):
            return word
    return ""


def _negations(text: str) -> list[tuple[str, str]]:
    """Return the words beside each negation, as stems, and the negation with the word."""
    found = []
    for clause in re.split(r"[,;:.!?()—–]+(?=\s|$)|—", text):
        spelled_words = [match[0] for match in words(clause)]
        folded = [fold(word) for word in spelled_words]
        for at, word in enumerate(folded):
            if word not in _NEGATIONS and not word.endswith("n't"):
                continue
            after = (other for other in range(at + 1, len(folded)) if _says(folded[other]))
            before = (other for other in range(at - 1, -1, -1) if _says(folded[other]))
            beside = next(after, None)
            if beside is None:
                beside = next(before, None)
            if beside is not None:
                what = " ".join(spelled_words[min(at, beside) : max(at, beside) + 1])
                found.append((stem(folded[beside]), what))
    return found


def _says(word: str) -> bool:
    return word not in _FUNCTION and word not in _NEGATIONS and not word.endswith("n't")


def _elsewhere(claim: str, sentence: str, around: str, index: Index) -> Iterator[str]:
    """Yield the names of `claim` that the manuscript has, but not the sentence's surroundings."""
    near = {fold(match[0]).removesuffix("'s") for match in words(f"{sentence} {around}")}
    for match in words(claim):
        bare = fold(match[0]).removesuffix("'s")
        if not match[0][0].isupper() or bare in near or bare in TITLES or len(bare) < 3:
            continue
        if bare in index.capitalised and not is_ordinary_word(match[0]):
            yield match[0][: len(bare)]

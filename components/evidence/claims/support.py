"""Whether a claim about a manuscript can rest on a sentence of it, and on which.

A model writes a claim about a passage; the words that they share find its sentence. What in the
claim the sentence does not carry, as far as words can show it, is a doubt: it is shown to the
editor, who judges.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Literal

from components.evidence.chapter_attribution import mentions
from components.evidence.claims.changed_words import changed_words, exchanged
from components.evidence.claims.claim_names import claimed_unknown, name_stems, named_elsewhere
from components.evidence.claims.content_words import content, said
from components.evidence.claims.contraries import negated_word
from components.evidence.claims.figures import MANY, figures
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.evidence.text_index import Index, capitalised
from components.manuscripts.text.personal_names import word_set

DoubtKind = Literal[
    "unknown name",
    "chapter named",
    "figure",
    "negation",
    "changed word",
    "exchanged words",
    "name elsewhere",
    "words elsewhere",
    "not compared",
]

#: Share of a claim's weight that its sentence must have, and what a word of the sentence before it
#: weighs: "He" is who was named there. Of 266 true sentences about chapters of 18 novels one in six
#: has such a sentence in its own chapter and none in another.
_LEAST_SHARE, _BEFORE = 0.5, 0.5
#: Share of a claim's words that stand together elsewhere, how many more than here, within how many
#: words to both sides; characters beyond which a text without chapters is elsewhere.
_NEARLY_ALL, _MORE, _WINDOW, _FAR = 0.75, 2, 12, 3_000
#: A place in the book that is named without a number after it: "the sixth chapter", "the epilogue",
#: "the end of the novel".
_THAT_CHAPTER = re.compile(
    r"(?!(?:the|this|that|a|each|every|le|ce|das|dem|diesem|el|este)\b)\b[^\W_]+\.?\s+"
    r"(?:chapters?|chapitres?|kapiteln?|cap[ií]tulos?)\b"
    r"|\b(?:pr[oóò]log|[eéè]p[ií]log)\w*"
    r"|\b(?:end|ending|close|middle|beginning|start|opening|half|part|fin|milieu|début|ende|mitte"
    r"|anfang|final|principio)\s+(?:of\s+(?:the|this)|de\s+la|del?|du|des)\s+"
    r"(?:novel(?:la)?|book|story|manuscript|tale|narrative|roman|livre|buch(?:e?s)?|romans|novela"
    r"|libro|historia)\b",
    re.IGNORECASE,
)
#: They count two; counts that a claim may make of what its sentence names one by one.
_TWO = word_set("couple pair both twice")
_FEW = word_set("two three zwei drei deux trois dos tres")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What in a claim its sentence does not carry: `what` is in the words of the claim."""

    kind: DoubtKind
    what: str


def find_sentence(
    claim: str, text: str, spans: Sequence[tuple[int, int]], *, least: float = _LEAST_SHARE
) -> int | None:
    """Return the index of the sentence among `spans` of `text` that `claim` rests on.

    It is the one that shares most words with it, rare ones of the passage first; what the sentence
    before it shares counts half, and names alone are not enough. None where what is shared is less
    than `least` of the claim's weight.
    """
    wanted = content(claim)
    if not wanted or not spans:
        return None
    sentences = [content(text[start:end]) & wanted for start, end in spans]
    counts = Counter(word for sentence in sentences for word in sentence)
    weights = {word: log(1 + len(spans) / (counts[word] or 1)) for word in sorted(wanted)}

    def score(at: int) -> float:
        before = sentences[at - 1] - sentences[at] if at else frozenset()
        return round(_sum(weights, sentences[at]) + _BEFORE * _sum(weights, before), 6)

    found = max(range(len(spans)), key=score)
    shared = sentences[found] | (sentences[found - 1] if found else frozenset())
    is_about = len(shared) >= min(2, len(wanted)) and sentences[found] - name_stems(
        claim, capitalised(text)
    )
    return found if is_about and score(found) >= least * _sum(weights, wanted) else None


def _sum(weights: Mapping[str, float], words: Iterable[str]) -> float:
    return sum(weights[word] for word in sorted(words))


def states(sentence: str, value: str) -> bool:
    """Return whether `value`, a few words such as "forty years old", can be taken from `sentence`.

    It must have each figure of it and, where there is none, one of its words.
    """
    figured, there = dict(figures(value)).keys(), dict(figures(sentence)).keys()
    return figured <= there and bool(figured or content(value) & content(sentence))


def doubts(claim: str, sentence: str, index: Index, *, around: str = "") -> tuple[Doubt, ...]:
    """Return what `sentence`, from the manuscript of `index`, does not carry of `claim`.

    `around` is the sentence with its neighbours: a name or figure of the claim may stand there.
    """
    found = [Doubt("unknown name", name) for name in claimed_unknown(claim, index)]
    found += [Doubt("chapter named", what) for what in _chapters(claim, sentence, index)]
    found += [Doubt("figure", what) for what in _moved(claim, sentence, around)]
    if negated := negated_word(claim, sentence):
        found.append(Doubt("negation", negated))
    doubted = {word for doubt in found for word in doubt.what.split()}
    changed = changed_words(claim, sentence, around)
    found += [Doubt("changed word", word) for word in changed if word not in doubted]
    found += [Doubt("exchanged words", pair) for pair in exchanged(claim, sentence)]
    found += [
        Doubt("name elsewhere", name) for name in named_elsewhere(claim, sentence, around, index)
    ]
    if elsewhere := _words_elsewhere(claim, sentence, around, index):
        found.append(Doubt("words elsewhere", elsewhere))
    return tuple(dict.fromkeys(found))


def _chapters(claim: str, sentence: str, index: Index) -> Iterator[str]:
    has_letters = any(chapter.kind == "letter" for chapter in index.chapters)
    found = [
        (mention.start, mention.end)
        for mention in mentions(claim)
        if has_letters or mention.kind != "letter"
    ]
    found += [
        match.span()
        for match in _THAT_CHAPTER.finditer(claim)
        if all(match.start() >= end or match.end() <= start for start, end in found)
    ]
    for start, end in sorted(found):
        if fold(claim[start:end]) not in fold(sentence):
            yield claim[start:end]


def _moved(claim: str, sentence: str, around: str) -> Iterator[str]:
    """Yield the figures, weekdays and months of `claim` that `sentence` does not have."""
    there, near = dict(figures(sentence)), dict(figures(around))
    if not _TWO.isdisjoint(folded_words(sentence)):
        there["number", "2"] = ""
    largest = max([0, *(int(value) for _, value in near if value.isdecimal())])
    for mention in reversed(mentions(claim)):  # The numbers of chapters are no figures of it.
        claim = claim[: mention.start] + claim[mention.end :]
    for (kind, value), what in figures(claim):
        rivals = any(other == kind for other, _ in there)
        if (kind, value) in there or ((kind, value) in near and not rivals):
            continue
        # Who counts two or three that the text names one by one is right, and who says "hundreds".
        counted = next(map(stem, said(claim[claim.find(what) + len(what) :])), "")
        is_counted = fold(what) in _FEW and not rivals and counted not in content(sentence)
        if not is_counted and largest < MANY.get(value, largest + 1):
            yield what


def _words_elsewhere(claim: str, sentence: str, around: str, index: Index) -> str:
    """Return the words of `claim` that stand together far from its sentence, "" if none do.

    They must be nearly all that it says, and clearly more than the sentence and those beside it
    have.
    """
    wanted = content(claim)
    here = len(wanted & (content(sentence) | content(around)))
    needed = max(here + _MORE, _NEARLY_ALL * len(wanted))
    if needed > len(wanted):
        return ""
    stems = [one for one in wanted if one in index.stems]
    stems.sort(key=lambda one: (len(index.stems[one]), one))
    # One of any `needed` of them is among the rarest of those that are left.
    rarest = stems[: len(stems) - ceil(needed) + 1] if len(stems) >= needed else []
    first, last = _near(sentence, index)
    for at in (at for one in rarest for at in index.stems[one]):
        if first <= at < last:
            continue
        window = range(at - _WINDOW, at + _WINDOW + 1)
        shared = {one for one in stems if _any_in(index.stems[one], window)}
        if len(shared) >= needed:
            return " ".join(match[0] for match in words(claim) if stem(match[0]) in shared)
    return ""


def _near(sentence: str, index: Index) -> tuple[int, int]:
    """Return the numbers of the first and after the last word of the chapter of `sentence`."""
    at = max(index.text.find(sentence), 0)
    chapter = index.chapter_at(at)
    start, end = (chapter.start, chapter.end) if chapter else (at - _FAR, at + _FAR)
    return bisect_left(index.starts, max(start, 0)), bisect_left(index.starts, end)


def _any_in(numbers: Sequence[int], window: range) -> bool:
    at = bisect_left(numbers, window.start)
    return at < len(numbers) and numbers[at] < window.stop

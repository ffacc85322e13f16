"""Findings: what a model claims of a passage, each with the sentence that it rests on.

The model reads the passage and answers, by schema, with claims. Code looks for the sentence
(`evidence.find_sentence`), so no finding can misquote; a claim without one is kept apart, and
`evidence.doubts` says what in a claim the manuscript does not bear out. The model never names a
chapter: where a sentence stands is known. Numbers of sentences, asked for by earlier versions, cost
a fifth of a passage's tokens, and a model of 1.5 billion parameters gave three of four wrong. Where
it answers in another language than the text's, it copies the words that a claim rests on.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any
from weakref import WeakKeyDictionary

from components.analysis.lens import FindingKind
from components.evidence import (
    Doubt,
    DoubtKind,
    Index,
    content,
    doubts,
    find_sentence,
    is_close,
    name_stems,
    sentences,
)
from components.evidence.claims.figures import figures
from components.evidence.comparable_words import stem
from components.languages import Unit
from components.manuscripts import detect_language, tag_of
from components.manuscripts.text.personal_names import TITLES
from components.markdown import literal, printable
from components.store import Question

#: The part of a report whose answers are findings, and those that sum findings up.
FINDINGS = "findings"
SUMMARIES = frozenset({"digest", "report"})

#: The parts whose answers are statements on passages that were found for a question: a model's, and
#: what is looked up without a model.
ASKED, LOOKED_UP = "asked", "looked up"

#: Most findings of one answer. A finding's number in a report is made of its passage and its place
#: among so many.
MOST_FINDINGS = 10

#: Longest strings in characters: a field, a quotation, a sentence of a summary.
_FIELD, _QUOTED, _SUMMED = 60, 160, 320

#: What a finding says beside the fields of its kind, and as earlier versions called it.
_OWN = ("kind", "number", "quotation", "statement", "sentence", "claim")

#: Share of the words that a model copied for a claim that a sentence must have.
_COPIED = 0.75

#: Share of an answer's words that must stand in its sentence or beside it; of those that it adds to
#: the question, one in so many may be another word for what stands there.
_BORNE_OUT, _ADDED = 0.6, 3

#: Of the question's words, one in so many must stand in the passage, or beside the sentence where
#: the manuscript nowhere has one of them.
_ABOUT = 2
_ASKS_KIND = re.compile(
    r"\b(?:(?:what|which)\s+\w+|how (?:far|long|many|much|often|old))\b", re.IGNORECASE
)
#: What says only which kind of answer is asked for, or that it is one about a book.
_ASKING = content(
    "kind name named called mention describe happen become event story novel book chapter"
)
#: They tell that somebody speaks, in whatever words the text has for it.
_SPEAKING = content("say tell speak ask answer reply call cry shout exclaim whisper remark declare")
_TITLES = frozenset(map(stem, TITLES))
_ASKS_NAME = re.compile(r"\b(?:names? (?:of|is|was|are|were)|named|called)\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(r"\s*how (?:many|much|old)\b", re.IGNORECASE)

#: A claim of some three to thirty words, in fewer characters where each may be a word.
_IS_CLAIM = r"^[^\[\]\"\\\n\r\t]{%d,240}$"
_LEAST: dict[Unit, int] = {"words": 20, "characters": 6}

#: Most sentences of a summary, and most findings that one of them rests on.
_MOST_SENTENCES, _MOST_BEHIND = 30, 5

#: The share of findings without a sentence from which on the model is asked once more.
_UNSUPPORTED = 1 / 3

#: What is said of a doubt, with the word in question.
_DOUBTS: dict[DoubtKind, str] = {
    "unknown name": "Check: the manuscript has no “{}”.",
    "chapter named": "Check: it names “{}”; where the words stand is known.",
    "figure": "Check: “{}” does not stand in these words.",
    "negation": "Check: “{}” stands on one side only.",
    "name elsewhere": "Check: “{}” is not named here.",
    "changed word": "Check: “{}” stands for another word.",
    "exchanged words": "Check: “{}” stand the other way round.",
    "words elsewhere": "Check: these words stand in another chapter.",
    "not compared": "Not checked but for figures and chapters: the text is in another language.",
}

#: What a claim in another language than the text can be held against.
_IN_ANY_LANGUAGE: tuple[DoubtKind, ...] = ("chapter named", "figure")

#: The beginning of a list, and that of an object in one.
_ITEM = re.compile(r'("(?:[^"\\]|\\.)*+")\s*:\s*\[|\{')
_REFERENCE = re.compile(r"\s?\[([\d\s,;-]+)\]")
#: They turn the direction of what stands in them.
_ISOLATES = re.compile("[\u2066-\u2069]")
_SENTENCE = re.compile(r"[^\n]*?[.!?…。！？]+[\"”’»)]*(?:\s*\[[\d\s,;-]+\])*(?=\s|$)|[^\n]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a model claims; `start` and `end` are the characters of the sentence behind it.

    They are None without one. `number` is unique in the report of a lens; `fields` has the values
    of those that the kind declares.
    """

    number: int
    kind: str
    claim: str
    words: str = ""
    start: int | None = None
    end: int | None = None
    chapter: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_supported(self) -> bool:
        """Whether there is a sentence behind it and nothing in it is in doubt.

        That it could not be compared, being in another language than the text, is no doubt of it.
        """
        in_doubt = any(doubt.kind != "not compared" for doubt in self.doubts)
        return self.start is not None and not in_doubt

    @property
    def label(self) -> str:
        """The kind and the claim, without a claim that is nothing but words of its sentence."""
        is_quotation = bool(self.words) and _plain(self.claim) in _plain(self.words)
        return ": ".join(filter(None, (self.kind, "" if is_quotation else self.claim)))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be checked in it, in an editor's words."""
        return tuple(_DOUBTS[doubt.kind].format(doubt.what) for doubt in self.doubts)


def schema(
    kinds: Sequence[FindingKind], most: int, unit: Unit = "words", *, quotes: bool = False
) -> str:
    """Return the JSON schema of an answer: a list for each kind, of at most `most` findings.

    `unit` is what the manuscript is counted in. With `quotes` each has the words that it rests on.
    Ollama has properties written in the order of the alphabet, whatever their order here: so they
    come before the statement. A small model that may choose the kind of each finding is wrong more
    often (`bench/truth.py`).
    """
    quotation = {"quotation": {"type": "string", "maxLength": _QUOTED}} if quotes else {}
    lists = {}
    for kind in kinds:
        properties: dict[str, Any] = (
            quotation
            | {"statement": {"type": "string", "pattern": _IS_CLAIM % _LEAST[unit]}}
            | {field: {"type": "string", "maxLength": _FIELD} for field in kind.fields}
        )
        lists[kind.name] = {"type": "array", "maxItems": most, "items": closed_object(properties)}
    return json.dumps(closed_object(lists))


def summary_schema() -> str:
    """Return the JSON schema of a summary: sentences, each after the findings it rests on."""
    number = {"type": "integer", "minimum": 1}
    item = closed_object(
        {
            "findings": {
                "type": "array", "items": number, "minItems": 1, "maxItems": _MOST_BEHIND
            },
            "sentence": {"type": "string", "minLength": 8, "maxLength": _SUMMED},
        }
    )  # fmt: skip
    items = {"type": "array", "minItems": 1, "maxItems": _MOST_SENTENCES, "items": item}
    return json.dumps(closed_object({"sentences": items}))


def is_assembled(question: Question) -> bool:
    """Whether the answer is JSON of which code makes what is read: findings, and their summary."""
    return (
        question.part == FINDINGS
        or is_cited(question)
        or (question.part in SUMMARIES and question.options.format is not None)
    )


def is_cited(question: Question) -> bool:
    """Whether the answer is made of statements on passages, each with its citation."""
    return question.part in (ASKED, LOOKED_UP)


def holds(question: Question, finding: Finding) -> bool:
    """Whether a statement of such an answer is part of it: borne out, or made by code."""
    return finding.is_supported or question.part == LOOKED_UP


def closed_object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of an object that has all of these properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def complete_items(answer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the lists of an answer hold, as far as it is written, with the name of its list.

    An item that is no JSON is left out. Answers of earlier versions are one list, "findings", of
    which each has its kind itself.
    """
    decoder, name, at = json.JSONDecoder(strict=False), "", 0
    while match := _ITEM.search(answer, at):
        at = match.end()
        try:
            if match[1]:
                name = json.loads(match[1])
            elif name:
                item, at = decoder.raw_decode(answer, match.start())
                yield name, item
        except ValueError:
            continue
        except RecursionError:
            return


def readable_items(question: Question, answer: str, index: Index, *, after: int = 0) -> list[str]:
    """Return as markdown what an answer lists after so many items, as far as it is written."""
    if question.part not in SUMMARIES:
        found = read_findings(question, answer, index)[after:]
        if is_cited(question):
            found = tuple(finding for finding in found if holds(question, finding))
        return [to_markdown(one, with_kind=question.part == FINDINGS) for one in found]
    return [literal(sentence) for sentence, _ in islice(_summary(answer), after, None)]


def read_findings(question: Question, answer: str, index: Index) -> tuple[Finding, ...]:
    """Return the findings that an answer holds so far, those that say the same once."""
    translated = is_translated(question.language, index.text)
    by_code = question.part == LOOKED_UP
    findings: list[Finding] = []
    for name, item in complete_items(answer):
        claim = _text(item.get("statement", item.get("claim", "")))
        if not claim or (len(findings) == MOST_FINDINGS and not by_code):
            continue
        quotation = _text(item.get("quotation", "")) if translated else None
        if by_code:
            judged = _located(item, index)
        else:
            asked = question.prompt if question.part == ASKED else None
            judged = _judged(claim, quotation, question.ranges, index, asked)
        words, chapter = "", None
        if judged.start is not None:
            words = index.text[judged.start : judged.end]
            chapter = index.chapter_at(judged.start)
        finding = Finding(
            question.passage * MOST_FINDINGS + len(findings),
            str(item.get("kind", name)),
            claim,
            words,
            judged.start,
            judged.end,
            chapter.name if chapter else "",
            tuple((name, _text(value)) for name, value in item.items() if name not in _OWN),
            judged.doubts,
        )
        if by_code or not any(_says_nothing_new(finding, other) for other in findings):
            findings.append(finding)
    return tuple(findings)


def _says_nothing_new(finding: Finding, other: Finding) -> bool:
    """Whether `finding` says what `other` says, of the same sentence.

    One that is in doubt stands in nobody's way. A small model gives one sentence as a finding of
    each kind: of another kind it must say more than the sentence.
    """
    if finding.claim.casefold() == other.claim.casefold():
        return True
    if finding.start is None or finding.start != other.start or not other.is_supported:
        return False
    said = content(finding.claim)
    is_new = finding.kind != other.kind and not said <= content(finding.words)
    return is_close(said, content(other.claim)) and not is_new


def _text(value: object) -> str:
    """Return a value of an answer as a line of text; JSON can hold what no file can."""
    return " ".join(printable(_ISOLATES.sub("\ufffd", str(value))).split())


@lru_cache(maxsize=8)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return sentences(text, 0, len(text))


#: Stretches of a text, each from a character to before another.
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A claim's sentence, from `start` to `end` in the text; None without one; what is in doubt."""

    start: int | None
    end: int | None
    doubts: tuple[Doubt, ...]


def _is_borne_out(
    claim: str, asked: str, before: str, sentence: str, around: str, passage: str, index: Index
) -> bool:
    """Whether a sentence, and the one before it, have most of what an answer says.

    Names and titles aside: any sentence about the same people shares them, and any about the
    question's subject shares the question's words. So what the answer adds to the question counts
    by itself: a name where one is asked for, a number where it is asked how many. A sentence is no
    answer, though it is copied, where its passage has nothing of what is asked; nor is an answer
    that repeats a word of the question which the manuscript nowhere has. Where it adds a name and
    nothing else, that, all it says and somebody of the question stand beside the sentence.
    """
    asks, says = content(asked), content(claim)
    names, people = name_stems(claim, index.capitalised), name_stems(asked, index.capitalised)
    known = people | _TITLES | _ASKING | _SPEAKING
    wanted = content(_ASKS_KIND.sub(" ", asked)) - known or asks - known or asks - people
    near = content(passage if wanted <= index.stems.keys() else around)
    if _ABOUT * len(wanted & near) < len(wanted):
        return False
    if not says & asks <= index.stems.keys():
        return False
    if _ASKS_NAME.search(asked) and names <= asks:
        return False
    if _ASKS_NUMBER.match(asked) and not any(figures(claim)):
        return False
    said = says - names - _TITLES
    own, added = content(sentence), said - asks - _SPEAKING
    if (named := names - people) and not added:
        beside = content(around)
        if not said | named <= beside or (people and people.isdisjoint(beside)):
            return False
    there = own | content(before)
    has_most = len(said & there) >= _BORNE_OUT * len(said) and 2 * len(said & own) >= len(said)
    return has_most and len(added - there) <= len(added) // _ADDED


def _located(item: Mapping[str, Any], index: Index) -> _Judged:
    """Return where code has found what it states: it is not compared with the words there."""
    start, end = item.get("start"), item.get("end")
    if type(start) is int and type(end) is int and 0 <= start < end <= len(index.text):
        return _Judged(start, end, ())
    return _Judged(None, None, ())


#: What was judged of a manuscript, kept as long as its index is: an answer is read again with each
#: finding that a model writes. And how much is kept of one at most.
_JUDGED = WeakKeyDictionary[Index, dict[Hashable, _Judged]]()
_MOST_JUDGED = 16_384


def _judged(
    claim: str, quotation: str | None, ranges: Ranges, index: Index, asked: str | None
) -> _Judged:
    known = _JUDGED.setdefault(index, {})
    key = (claim, quotation, ranges, asked)
    if (judged := known.get(key)) is None:
        if len(known) >= _MOST_JUDGED:
            known.clear()
        judged = known[key] = _judge(claim, quotation, ranges, index, asked)
    return judged


def _judge(
    claim: str, quotation: str | None, ranges: Ranges, index: Index, asked: str | None
) -> _Judged:
    """Return the sentence of the passages at `ranges` that a claim rests on, and what is in doubt.

    The passages are read as one text; what stands beside a sentence is of its own passage. Of an
    answer, `asked` is the question.
    """
    pieces = [index.text[start:end] for start, end in ranges]
    text = "\n\n".join(pieces)
    spans = _spans(text)
    at = (
        find_sentence(claim, text, spans)
        if quotation is None
        else find_sentence(quotation, text, spans, least=_COPIED)
    )
    if at is None:
        return _Judged(None, None, doubts(claim, "", index, around=text))
    left, right = spans[at]
    begins = list(accumulate((len(piece) + 2 for piece in pieces), initial=0))
    number = bisect_right(begins, left) - 1
    here, there = begins[number], begins[number] + len(pieces[number])
    before, after = spans[max(at - 1, 0)][0], spans[min(at + 1, len(spans) - 1)][1]
    around = text[max(before, here) : min(after, there)]
    found = doubts(claim, text[left:right], index, around=around)
    earlier = text[max(before, here) : left]
    if asked is not None and not _is_borne_out(
        claim, asked, earlier, text[left:right], around, pieces[number], index
    ):
        return _Judged(None, None, found)
    if quotation is not None:  # Its words are none of the text's.
        known = (doubt for doubt in found if doubt.kind in _IN_ANY_LANGUAGE)
        found = (*known, Doubt("not compared", claim))
    moved = ranges[number][0] - here
    return _Judged(left + moved, right + moved, found)


@lru_cache(maxsize=8)
def is_translated(language: str, text: str) -> bool:
    """Return whether an answer in `language`, empty for any, is not in the language of `text`."""
    return bool(language) and tag_of(language) not in ("", detect_language(text) or "")


def unsupported(findings: Sequence[Finding]) -> str:
    """Return what is wrong with an answer of which too few have a sentence; empty otherwise."""
    without = [finding.claim for finding in findings if finding.start is None]
    if len(without) <= _UNSUPPORTED * len(findings):
        return ""
    return (
        f"{len(without)} of {len(findings)} findings say what no sentence of it says. State what "
        "one sentence says, or leave the finding out."
    )


def listed(findings: Iterable[Finding]) -> str:
    """Return the findings that are supported, numbered, for a model that sums them up."""
    return "\n".join(
        f"[{finding.number}] {finding.kind}: {finding.claim}"
        for finding in findings
        if finding.is_supported
    )


def to_markdown(finding: Finding, *, with_kind: bool = False) -> str:
    """Return a finding as a page and a file show it: the claim, then its sentence as a quotation.

    `with_kind` puts the kind before the claim. A claim that only repeats the sentence is left out.
    """
    label = (finding if with_kind else replace(finding, kind="")).label
    head = f"**{literal(label)}**" if label else ""
    chapter = f" ({literal(finding.chapter)})" if finding.chapter else ""
    doubt = "".join(f" *{literal(remark)}*" for remark in finding.remarks)
    words = "\n".join(f"> {literal(line)}" for line in finding.words.split("\n") if line.strip())
    return f"{head}{chapter}{doubt}".strip() + (f"\n\n{words}" if words else "")


def _plain(text: str) -> str:
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return f" {plain} "


def summed_up(answer: str) -> str:
    """Return the sentences of a summary, each after the numbers it rests on, for the next one."""
    return "\n".join(f"{numbers} {sentence}" for sentence, numbers in _summary(answer) if numbers)


def read_summary(
    answer: str, findings: Iterable[Finding], index: Index
) -> list[tuple[str, tuple[Finding, ...]]]:
    """Return the sentences of a summary and what they cite.

    Dropped are numbers of no finding, and of one with which the sentence shares no word but names,
    and the kind of a finding before it. A sentence that says what the findings behind it do not
    bear out cites none.
    """
    by_number = {finding.number: finding for finding in findings if finding.is_supported}
    read: list[tuple[str, tuple[Finding, ...]]] = []
    for sentence, numbers in _summary(answer):
        named = [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]
        for one in named:  # As they are listed for the model.
            sentence = sentence.removeprefix(f"{one.kind}: ")
        said = content(sentence) - name_stems(sentence, index.capitalised)
        behind = [one for one in named if said & content(f"{one.claim} {one.words}")]
        words = "\n".join(f"{one.claim}\n{one.words}" for one in behind)
        # The words themselves stand in several places.
        found = {one.kind for one in doubts(sentence, words, index, around=words)}
        found.discard("words elsewhere")
        if any(one.doubts for one in behind):  # In another language than the text.
            found.intersection_update(_IN_ANY_LANGUAGE)
        read.append((sentence, () if found else tuple(behind)))
    return read


def _summary(answer: str) -> Iterator[tuple[str, list[int]]]:
    """Yield the sentences of a summary with the numbers that they name.

    Reports of earlier versions have prose, with the numbers in brackets after a sentence.
    """
    if answer.lstrip().startswith("{"):
        for _, item in complete_items(answer):
            numbers = item.get("findings")
            if sentence := _text(item.get("sentence", "")):
                listed = numbers if isinstance(numbers, list) else []
                yield sentence, [number for number in listed if type(number) is int]
        return
    for match in _SENTENCE.finditer(answer):
        if text := _text(_REFERENCE.sub("", match[0])):
            numbers = re.findall(r"\d{1,9}", " ".join(_REFERENCE.findall(match[0])))
            yield text, list(map(int, numbers))

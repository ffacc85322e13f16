"""Findings: what a model claims of a passage, each with the sentence that it rests on.

The model reads the passage with its sentences numbered and answers, by schema, with claims and the
numbers of sentences: small models name a number far more reliably than they copy words. Code looks
for the sentence (`evidence.find_sentence`), so no finding can misquote; a claim without one is kept
apart, and `evidence.doubts` says what in a claim the manuscript does not bear out. The model never
names a chapter: where a sentence stands is known.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components.analysis.lens import FindingKind
from components.evidence import Doubt, DoubtKind, Index, doubts, find_sentence, numbered, sentences
from components.manuscripts import Manuscript, detect_language, tag_of
from components.markdown import literal
from components.store import Question

#: The part of a report whose answers are findings.
FINDINGS = "findings"

#: Most findings of one answer. A finding's number in a report is made of its passage and its place
#: among so many.
MOST_FINDINGS = 10

#: Longest strings in characters: a claim of some thirty words, and a field.
_CLAIM, _FIELD = 240, 60

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
    "words elsewhere": "Check: these words stand in another chapter.",
}

#: What a claim in another language than the text can be held against.
_IN_ANY_LANGUAGE: tuple[DoubtKind, ...] = ("chapter named", "figure")

_LIST = re.compile(r'"findings"\s*:\s*\[')
_REFERENCE = re.compile(r"\s*\[([\d\s,;-]+)\]")
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
        """Whether there is a sentence behind it and nothing in it is in doubt."""
        return self.start is not None and not self.doubts

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be checked in it, in an editor's words."""
        return tuple(_DOUBTS[doubt.kind].format(doubt.what) for doubt in self.doubts)


def schema(kinds: Sequence[FindingKind], most: int) -> str:
    """Return the JSON schema of an answer with at most `most` findings of these kinds."""
    fields = dict.fromkeys(field for kind in kinds for field in kind.fields)
    properties: dict[str, Any] = {  # In the order in which a model writes them.
        "kind": {"enum": [kind.name for kind in kinds]},
        "sentence": {"type": "integer", "minimum": 1},
        "claim": {"type": "string", "minLength": 8, "maxLength": _CLAIM},
    } | {field: {"type": "string", "maxLength": _FIELD} for field in fields}
    items = {"type": "array", "maxItems": most, "items": closed_object(properties)}
    return json.dumps(closed_object({"findings": items}))


def closed_object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of an object that has all of these properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@lru_cache(maxsize=512)
def numbered_text(text: str) -> str:
    """Return a passage as the model reads it: its sentences with numbers from 1 in brackets."""
    return numbered(text, sentences(text, 0, len(text)))


def complete_items(answer: str) -> Iterator[dict[str, Any]]:
    """Yield the findings of an answer that are written to their end, also while it is written."""
    begin = _LIST.search(answer)
    decoder, at = json.JSONDecoder(), begin.end() if begin else len(answer)
    while (at := answer.find("{", at)) >= 0:
        try:
            item, at = decoder.raw_decode(answer, at)
        except (ValueError, RecursionError):
            return
        yield item


def read_findings(question: Question, answer: str, index: Index) -> tuple[Finding, ...]:
    """Return the findings that an answer holds so far, those that say the same once."""
    (start, end), passage = question.ranges[0], question.passage
    return _read(start, end, passage, question.language, answer, index)


@lru_cache(maxsize=4096)
def _read(
    start: int, end: int, passage: int, language: str, answer: str, index: Index
) -> tuple[Finding, ...]:
    text = index.text[start:end]
    spans = sentences(text, 0, len(text))
    translated = tag_of(language) not in ("", _language(index))
    findings: list[Finding] = []
    seen: set[object] = set()
    for item in complete_items(answer):
        claim, given = " ".join(str(item.get("claim", "")).split()), item.get("sentence")
        kind, number = str(item.get("kind", "")), given if isinstance(given, int) else 0
        at = find_sentence(claim, number, text, spans, translated=translated)
        key = claim.casefold()
        if not claim or key in seen or (kind, at) in seen or len(findings) == MOST_FINDINGS:
            continue
        seen |= {key} if at is None else {key, (kind, at)}
        place = passage * MOST_FINDINGS + len(findings)
        known = ("kind", "sentence", "claim")
        fields = tuple((name, str(value)) for name, value in item.items() if name not in known)
        if at is None:
            doubted = doubts(claim, "", index, around=text)
            findings.append(Finding(place, kind, claim, fields=fields, doubts=doubted))
            continue
        left, right = spans[at]
        around = text[spans[max(at - 1, 0)][0] : spans[min(at + 1, len(spans) - 1)][1]]
        doubted = doubts(claim, text[left:right], index, around=around)
        if translated:  # Its words are none of the text's.
            doubted = tuple(doubt for doubt in doubted if doubt.kind in _IN_ANY_LANGUAGE)
        chapter = index.chapter_at(start + left)
        findings.append(
            Finding(
                place,
                kind,
                claim,
                text[left:right],
                start + left,
                start + right,
                chapter.name if chapter else "",
                fields,
                doubted,
            )
        )
    return tuple(findings)


@lru_cache(maxsize=4)
def index_of(manuscript: Manuscript) -> Index:
    """Return the index of a manuscript, made once for the last few."""
    return Index(manuscript)


@lru_cache(maxsize=4)
def _language(index: Index) -> str:
    return detect_language(index.text) or ""


def unsupported(findings: Sequence[Finding]) -> str:
    """Return what is wrong with an answer of which too few have a sentence; empty otherwise."""
    without = [finding.claim for finding in findings if finding.start is None]
    if len(without) <= _UNSUPPORTED * len(findings):
        return ""
    return (
        f"{len(without)} of {len(findings)} findings name a sentence that does not say so. Give "
        "the number of the sentence that does, or leave the finding out."
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

    `with_kind` puts the kind before the claim.
    """
    claim = literal(finding.claim)
    kind = f"{literal(finding.kind)}: " if with_kind and finding.kind else ""
    chapter = f" ({literal(finding.chapter)})" if finding.chapter else ""
    doubt = "".join(f" *{literal(remark)}*" for remark in finding.remarks)
    words = "\n".join(f"> {literal(line)}" for line in finding.words.split("\n") if line.strip())
    return f"**{kind}{claim}**{chapter}{doubt}" + (f"\n\n{words}" if words else "")


def read_summary(answer: str, findings: Iterable[Finding]) -> list[tuple[str, tuple[Finding, ...]]]:
    """Return the sentences of a summary and what they cite; numbers of no finding are dropped."""
    by_number = {finding.number: finding for finding in findings if finding.is_supported}
    read: list[tuple[str, tuple[Finding, ...]]] = []
    for match in _SENTENCE.finditer(answer):
        named = re.findall(r"\d+", " ".join(_REFERENCE.findall(match[0])))
        cited = dict.fromkeys(by_number[int(n)] for n in named if int(n) in by_number)
        if text := _REFERENCE.sub("", match[0]).strip():
            read.append((text, tuple(cited)))
    return read

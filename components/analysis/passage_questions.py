"""A question to a whole manuscript, however long, answered from the passages found for it.

What can be counted is answered without a model, and so is a question about something that the
manuscript does not have. Of an answer by a model each statement is held against the passages, as a
finding is (`read_findings`).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from components.analysis.conversation import fitted
from components.analysis.findings import ASKED, LOOKED_UP, schema
from components.analysis.lens import FindingKind
from components.evidence import Index
from components.evidence.comparable_words import folded_words
from components.languages import count_words
from components.manuscripts import LANGUAGES, Manuscript, detect_language
from components.retrieval import Mention, Retriever, look_up
from components.store import Exchange, PromptInputs, Question, Step

#: Passages that a model reads, at most: some 2,200 tokens, which a small model reads in a minute on
#: two slow cores.
PASSAGES = 8

#: Statements of an answer, and the longest answer in tokens.
_STATEMENTS, _ANSWER_TOKENS = 4, 400

#: Words of a question below which its language cannot be told.
_LEAST_WORDS = 5

_KIND = FindingKind("statements", "")


def passage_step(
    question: Question,
    manuscript: Manuscript,
    history: tuple[Exchange, ...],
    retriever: Retriever,
    *,
    before: str = "",
    count: Callable[[str], int],
    limit: int | None,
) -> Step:
    """Return the step that answers `question`, after what was said before in `history`.

    `before` is the question that it follows, whose words are looked for too. The step has its
    answer where that takes no model. Else its ranges are the passages, the best first: as many as
    fit `limit`, in tokens as `count` estimates them. Questions of the history that do not fit are
    left out first. One that does not fit with one passage is sent whole, and refused by the server
    with its own count. Without words, it has as many passages as a question may have.
    """
    index = retriever.index
    if mentions := look_up(question.prompt, manuscript, index):
        return _looked_up(question, mentions, manuscript)
    if language := _other_language(question.prompt, index):
        own = LANGUAGES.get(detect_language(index.text), "another language")
        said = f"The question seems to be in {language}, the manuscript is in {own}."
        advice = "Passages are found by their words: ask in the language of the manuscript."
        return _looked_up(question, [Mention(f"{said} {advice}")], manuscript)
    if unknown := retriever.unknown(question.prompt):
        named = ", ".join(f"“{word}”" for word in unknown)
        said = f"The manuscript does not say: it nowhere has {named}."
        if not any(word[:1].isupper() for word in unknown):
            said = f"The manuscript has none of the words {named}. Ask in words of the text."
        return _looked_up(question, [Mention(said)], manuscript)
    options = question.options
    most = options.num_predict if options.num_predict > 0 else _ANSWER_TOKENS
    options = replace(
        options,
        format=schema([_KIND], _STATEMENTS, manuscript.unit),
        num_predict=min(most, _ANSWER_TOKENS),
        # The same question then has the same answer.
        temperature=0.0 if options.temperature is None else options.temperature,
    )
    asked = replace(question, part=ASKED, options=options, retries=1)
    inputs = PromptInputs(manuscript, history)
    hits = retriever.search(f"{question.prompt} {before}", PASSAGES)
    if not hits and question.prompt:
        mention = Mention("No passage can be found by these words: name a person, a thing, an act.")
        return _looked_up(question, [mention], manuscript)
    spans = [(hit.start, hit.end) for hit in hits]
    spans = spans or [(one.start, one.end) for one in retriever.passages[:PASSAGES]]
    for most in range(len(spans), 0, -1):
        shorter = _about(asked, spans[:most], manuscript)
        if fitting := fitted(shorter, inputs, count=count, limit=limit):
            return Step(fitting)
    return Step(replace(_about(asked, spans[:1], manuscript), left_out=len(history)))


def _other_language(asked: str, index: Index) -> str:
    """Return the language of a question that is not the text's; "" where it is or may be."""
    spelled = folded_words(asked)
    known = sum(word in index.vocabulary for word in spelled)
    tag = detect_language(asked, least=_LEAST_WORDS)
    is_other = tag and tag != detect_language(index.text) and 2 * known < len(spelled)
    return LANGUAGES.get(tag, "") if is_other else ""


def _about(
    question: Question, spans: Sequence[tuple[int, int]], manuscript: Manuscript
) -> Question:
    ranges = merged(spans)
    length = sum(count_words(manuscript.text[start:end]) for start, end in ranges)
    scope = f"{len(ranges)} passages found" if len(ranges) > 1 else "the passage found"
    return replace(question, ranges=ranges, scope=scope, words=length)


def merged(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the ranges in their order, those that overlap as one in the place of the first."""
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        same = [other for other in found if other[0] < end and start < other[1]]
        at = found.index(same[0]) if same else len(found)
        found = [other for other in found if other not in same]
        starts, ends = zip((start, end), *same, strict=True)
        found.insert(at, (min(starts), max(ends)))
    return tuple(found)


def _looked_up(question: Question, mentions: Sequence[Mention], manuscript: Manuscript) -> Step:
    items = [
        {"statement": mention.statement, "start": mention.start, "end": mention.end}
        for mention in mentions
    ]
    places = [
        manuscript.paragraph_at(mention.start) for mention in mentions if mention.start is not None
    ]
    return Step(
        replace(
            question,
            part=LOOKED_UP,
            scope="the whole manuscript",
            ranges=merged(places),
            words=manuscript.words,
            model="",
            digest="",
        ),
        answer=json.dumps({_KIND.name: items}, ensure_ascii=False),
    )

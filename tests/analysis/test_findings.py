"""Findings: what a model claims of a passage, and the sentence that code finds for each."""

import gc
import json
import re
from dataclasses import replace
from typing import Any
from weakref import ref

import pytest

from components.analysis import (
    FINDINGS,
    AnswerWatch,
    Finding,
    FindingKind,
    ask,
    read_findings,
    read_summary,
    schema,
    summary_schema,
    to_markdown,
)
from components.engine import Finished, Options, Statistics, Text
from components.errors import AnswerRefused
from components.evidence import Index, doubts, index_of
from components.languages import Unit
from components.manuscripts import Manuscript, read
from components.store import EarlierAnswer, PromptInputs, Question, RefusedAnswer

BOOK = read(
    b"Chapter 1\n\nMarlow carried the brass lamp up the stair. The rain had stopped by noon. "
    b"Nobody in the house spoke of the letter.\n\nChapter 2\n\nA stranger bought the ferry for "
    b"forty guineas. He burned the *receipt* in the stove.\n",
    name="book.txt",
)
KINDS = (FindingKind("Event", "what happens"), FindingKind("Age", "how old", ("who", "value")))


def question(chapter: int = 1, **more: Any) -> Question:
    place = BOOK.chapters[chapter - 1]
    return Question(
        "id", "T", place.name, ((place.start, place.end),), 9, 9, "Plot", "What?", "m",
        options=Options(format=schema(KINDS, 3)), part=FINDINGS, passage=chapter, **more,
    )  # fmt: skip


def answer(*claims: str, kind: str = "Event") -> str:
    fields = {"who": "", "value": ""} if kind == "Age" else {}
    items = [{"statement": claim} | fields for claim in claims]
    return json.dumps({one.name: items if one.name == kind else [] for one in KINDS})


def found(text: str, chapter: int = 1) -> tuple[Finding, ...]:
    return read_findings(question(chapter), text, index_of(BOOK))


LAMP, RAIN = "Marlow takes the brass lamp upstairs.", "The rain has stopped by noon."


def test_a_finding_has_the_place_of_its_sentence() -> None:
    (finding,) = found(answer(LAMP))
    assert finding.is_supported
    assert finding.words == "Marlow carried the brass lamp up the stair."
    assert BOOK.text[finding.start : finding.end] == finding.words
    assert finding.chapter == BOOK.chapters[0].name


def test_the_sentence_is_found_wherever_it_stands() -> None:
    assert found(answer(LAMP))[0].words.startswith("Marlow carried")


def test_numbers_are_unique_in_a_report() -> None:
    numbers = [one.number for one in (*found(answer(LAMP, RAIN)), *found(
        answer("A stranger buys the ferry for forty guineas."), 2
    ))]  # fmt: skip
    assert len(set(numbers)) == 3


def test_what_says_the_same_is_there_once() -> None:
    assert len(found(answer(LAMP, LAMP, "He carried the brass lamp."))) == 1


@pytest.mark.parametrize(("claim", "count"), [
    ("Marlow carried the brass lamp.", 1),
    ("Marlow is 40 and carried the brass lamp.", 2),
])  # fmt: skip
def test_a_sentence_that_is_only_repeated_is_no_finding_of_another_kind(
    claim: str, count: int
) -> None:
    ages = {"statement": claim, "who": "Marlow", "value": "40"}
    events = json.loads(answer(LAMP))
    assert len(found(json.dumps(events | {"Age": [ages]}))) == count


FERRY = "A stranger buys the ferry for forty guineas."


@pytest.mark.parametrize(("claims", "supported"), [
    (["A stranger bought the ferry.", "Forty guineas are paid."], [True, True]),
    (["Zebedee buys the ferry for forty guineas.", FERRY], [False, True]),
    ([FERRY, "Zebedee buys the ferry for forty guineas."], [True]),
])  # fmt: skip
def test_a_sentence_may_carry_two_facts_and_a_doubt_blocks_neither(
    claims: list[str], supported: list[bool]
) -> None:
    findings = found(answer(*claims), 2)
    assert [one.is_supported for one in findings] == supported


def test_what_was_judged_keeps_no_manuscript_in_memory() -> None:
    index = Index(BOOK)
    kept = ref(index)
    assert read_findings(question(), answer(LAMP, RAIN), index)
    del index
    gc.collect()
    assert kept() is None


def test_each_claim_is_judged_once_however_often_its_answer_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[str] = []

    def counted(claim: str, *given: Any, **more: Any) -> tuple[Any, ...]:
        judged.append(claim)
        return doubts(claim, *given, **more)

    monkeypatch.setattr("components.analysis.findings.doubts", counted)
    claims = ["Marlow bears the brass lamp upstairs.", "By noon the rain has stopped again."]
    whole = answer(*claims)
    for length in range(len(whole) + 1):
        found(whole[:length])
    assert judged == claims


def test_a_claim_without_a_sentence_is_kept_apart() -> None:
    (finding,) = found(answer("A dragon learned to knit."))
    assert finding.start is None
    assert not finding.is_supported


@pytest.mark.parametrize("claim", [
    "Zebedee carried the brass lamp up the stair.",
    "In Chapter 6 Marlow carried the brass lamp.",
])  # fmt: skip
def test_what_is_in_doubt_is_not_supported(claim: str) -> None:
    (finding,) = found(answer(claim))
    assert finding.start is not None
    assert finding.doubts
    assert not finding.is_supported


@pytest.mark.parametrize("broken", [
    '{"number": 2, "statement": "unquoted", no}',
    '{"number": ' + "9" * 5_000 + '}',
])  # fmt: skip
def test_what_is_no_json_costs_nothing_else(broken: str) -> None:
    whole = answer(RAIN)
    assert len(found(whole.replace("[{", f"[{broken}, {{"))) == 1


def test_half_of_a_pair_of_utf_16_can_be_written_to_a_file() -> None:
    (finding,) = found(answer("Marlow \ud83d carried the brass lamp."))
    to_markdown(finding).encode()


@pytest.mark.parametrize("numbers", ["null", "10", "[true]"])
def test_a_summary_whose_numbers_are_none_cites_nothing(numbers: str) -> None:
    summary = f'{{"sentences": [{{"findings": {numbers}, "sentence": "Marlow has a lamp."}}]}}'
    findings = found(answer(LAMP))
    assert read_summary(summary, findings, index_of(BOOK)) == [("Marlow has a lamp.", ())]


def test_those_that_are_complete_can_be_read_while_the_rest_is_written() -> None:
    whole = answer(LAMP, RAIN)
    counts = [len(found(whole[:length])) for length in range(len(whole) + 1)]
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2}


@pytest.mark.parametrize("text", ["", "no JSON", '{"findings": 3}', '{"findings": [{"kind"', "[1]"])
def test_what_is_no_finding_is_none(text: str) -> None:
    assert found(text) == ()


def test_the_schema_has_the_fields_of_the_kinds() -> None:
    form = json.loads(schema(KINDS, 3))
    fields = {kind: list(one["items"]["properties"]) for kind, one in form["properties"].items()}
    own = ["statement"]
    assert fields == {"Event": own, "Age": [*own, "who", "value"]}
    assert {one["maxItems"] for one in form["properties"].values()} == {3}


def test_answers_of_earlier_versions_are_read() -> None:
    items = [{"kind": "Age", "sentence": 2, "claim": LAMP, "who": "Marlow", "value": ""}]
    (finding,) = found(json.dumps({"findings": items}))
    assert (finding.kind, finding.claim, finding.fields[0]) == ("Age", LAMP, ("who", "Marlow"))
    assert finding.words == "Marlow carried the brass lamp up the stair."


class TestJudged:
    def judge(
        self, text: str, *, again: bool = False, cut: bool = False, asked: Question | None = None
    ) -> None:
        refused = RefusedAnswer(text, AnswerRefused("No.")) if again else None
        watch = AnswerWatch(asked or question(), PromptInputs(BOOK, refused=refused))
        watch.add(Text(text))
        watch.add(Finished(Statistics("m", 4096, done_reason="length" if cut else "stop")))
        watch.finish()

    def test_for_want_of_evidence_it_is_asked_once_more(self) -> None:
        text = answer("A dragon learned to knit.", "Nobody minded the wolves.")
        with pytest.raises(AnswerRefused):
            self.judge(text)
        self.judge(text, again=True)

    def test_evidence_for_most_is_enough(self) -> None:
        self.judge(answer(LAMP, RAIN, "A dragon learned to knit."))

    def test_what_is_complete_serves_where_the_limit_cut_the_rest(self) -> None:
        text = answer(LAMP, RAIN)[:-30]
        self.judge(text, cut=True)
        with pytest.raises(AnswerRefused):
            self.judge(text)

    def test_what_is_complete_of_a_summary_serves(self) -> None:
        options = Options(format=summary_schema())
        asked = replace(question(), part="report", ranges=(), options=options)
        text = '{"sentences": [{"findings": [11], "sentence": "He has a lamp."}, {"findings": [1'
        self.judge(text, cut=True, asked=asked)
        with pytest.raises(AnswerRefused):
            self.judge(text, asked=asked)

    def test_another_form_is_refused(self) -> None:
        with pytest.raises(AnswerRefused):
            self.judge('{"findings": [{"kind": "Other", "sentence": 1, "claim": "It is so."}]}')


class TestMarkdown:
    def test_marks_of_the_text_are_shown_as_they_are(self) -> None:
        (finding,) = found(answer("In the stove he burned [the] *receipt*."), 2)
        text = to_markdown(finding)
        assert r"\*receipt\*" in text
        assert r"\[the\]" in text
        assert "*receipt" not in text.replace(r"\*", "")

    def test_a_claim_that_repeats_its_sentence_is_not_shown_twice(self) -> None:
        (finding,) = found(answer("marlow carried the brass lamp"))
        assert to_markdown(finding, with_kind=True).lower().count("carried") == 1

    def test_the_sentence_is_a_quotation(self) -> None:
        (finding,) = found(answer(LAMP))
        assert f"> {finding.words}" in to_markdown(finding).splitlines()


class TestSummary:
    findings = found(answer(LAMP, RAIN))

    def summary(self, text: str) -> list[tuple[str, int]]:
        summary = read_summary(text, self.findings, index_of(BOOK))
        return [(sentence, len(behind)) for sentence, behind in summary]

    def test_each_sentence_has_the_findings_that_it_names(self) -> None:
        first, second = (one.number for one in self.findings)
        said = {"He has a lamp.": [first], "It was wet.": [], "A lamp, then rain.": [first, second]}
        earlier = " ".join(f"{sentence[:-1]} {behind}." for sentence, behind in said.items())
        sentences = [{"findings": behind, "sentence": one} for one, behind in said.items()]
        now = json.dumps({"sentences": sentences})
        expected = [(sentence, len(behind)) for sentence, behind in said.items()]
        assert self.summary(earlier.replace(" [].", ".")) == self.summary(now) == expected

    def test_the_kind_of_a_finding_is_not_repeated(self) -> None:
        number = self.findings[0].number
        assert self.summary(f"Event: He has a lamp [{number}].") == [("He has a lamp.", 1)]

    def test_a_finding_of_other_words_is_dropped(self) -> None:
        assert self.summary(f"He sold a house [{self.findings[0].number}].") == [
            ("He sold a house.", 0)
        ]

    @pytest.mark.parametrize("said", [
        "In Chapter 9 Marlow carries the brass lamp",
        "Napoleon carries the brass lamp",
        "Marlow never carries the brass lamp",
        "Marlow carries two brass lamps upstairs in May",
        "Marlow learns to swim",
    ])  # fmt: skip
    def test_what_the_findings_do_not_bear_out_cites_none(self, said: str) -> None:
        assert self.summary(f"{said} [{self.findings[0].number}].") == [(f"{said}.", 0)]

    def test_a_number_of_no_finding_is_dropped(self) -> None:
        assert self.summary("He flew away [999].") == [("He flew away.", 0)]

    def test_a_number_after_the_full_stop_belongs_to_the_sentence(self) -> None:
        assert self.summary(f"He has a lamp. [{self.findings[0].number}]") == [
            ("He has a lamp.", 1)
        ]


def test_a_model_sums_up_supported_findings_alone() -> None:
    asked = Question("id", "T", "all", (), 0, 0, "Plot", "Sum up.", "m", part="report")
    text = answer(LAMP, "A dragon learned to knit.")
    prompt = ask(asked, PromptInputs(BOOK, notes=(EarlierAnswer(question(), text),))).prompt
    (number,) = (one.number for one in found(text) if one.is_supported)
    assert f"[{number}] Event: {LAMP}" in prompt
    assert "dragon" not in prompt


@pytest.mark.parametrize(("quotation", "words"), [
    ("carried the brass lamp up", "Marlow carried the brass lamp up the stair."),
    ("trug die Lampe hinauf", ""),
    ("", ""),
])  # fmt: skip
def test_in_another_language_the_words_that_were_copied_decide(quotation: str, words: str) -> None:
    items = [{"quotation": quotation, "statement": "Er trug die Lampe hinauf."}]
    said, german = json.dumps({"Event": items}), question(language="German")
    (finding,) = read_findings(german, said, index_of(BOOK))
    assert finding.words == words
    assert finding.is_supported == bool(words)
    if words:
        assert [doubt.kind for doubt in finding.doubts] == ["not compared"]


def test_a_book_is_its_own_index() -> None:
    other = Manuscript("T", "Other words.", (), "txt", "a" * 64, "utf-8", None, ())
    assert index_of(BOOK) is index_of(BOOK)
    assert index_of(other) is not index_of(BOOK)


@pytest.mark.parametrize(
    ("unit", "statement", "is_one"),
    [
        ("words", "曹节在后窃视。", False),
        ("characters", "曹节在后窃视。", True),
        ("characters", "曹节。", False),
    ],
)
def test_a_claim_may_be_shorter_where_characters_are_counted(
    unit: Unit, statement: str, is_one: bool
) -> None:
    form = schema(KINDS, 3, unit)
    rule = json.loads(form)["properties"][KINDS[0].name]["items"]["properties"]["statement"]
    assert bool(re.search(rule["pattern"], statement)) == is_one

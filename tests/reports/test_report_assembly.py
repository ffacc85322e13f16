"""Reports assembled by code: what is counted, in which order, and what is set apart."""

import re
from dataclasses import replace

import pytest

from components.analysis import Finding
from components.evidence import Doubt, Index
from components.manuscripts import read
from components.reports import conflicts
from components.reports.report_assembly import report_markdown
from tests.reports.desk import Desk, book

KINDS = ("Event", "Person", "Place")

LAMP = Finding(11, "Event", "He has a lamp", "He lit the lamp.", 0, 16, "Chapter 1")
RAIN = Finding(21, "Event", "It rains", "It rained.", 40, 50, "Chapter 2")
TALL = Finding(12, "Person", "She is tall", "She was tall.", 20, 33, "Chapter 1")
DOUBTED = replace(
    TALL, number=22, claim="Zed is tall", doubts=(Doubt("unknown name", "Zed"),), start=60, end=73
)
UNFOUNDED = Finding(23, "Event", "A dragon knits")
INDEX = Index(read(b"He lit the lamp. She was tall. It rained.", name="book.txt"))
ALL = (LAMP, TALL, RAIN, DOUBTED, UNFOUNDED)


def headings(markdown: str) -> list[str]:
    return [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]


def test_only_those_with_their_words_and_no_doubt_are_supported() -> None:
    head = report_markdown("", ALL, KINDS, INDEX).partition("\n")[0]
    assert re.findall(r"[0-9]+", head) == ["5", "3", "2"]


def test_kinds_come_in_the_order_of_the_lens_and_findings_in_that_of_the_text() -> None:
    text = report_markdown("", ALL, KINDS, INDEX)
    assert headings(text)[:3] == list(KINDS)
    assert text.index(LAMP.words) < text.index(RAIN.words) < text.index("## Person")


def test_a_kind_without_findings_says_so() -> None:
    below = report_markdown("", ALL, KINDS, INDEX).partition("## Place")[2]
    assert below.split("##")[0].strip()


def test_a_kind_that_was_not_asked_for_is_shown_too() -> None:
    assert LAMP.words in report_markdown("", ALL, KINDS[1:], INDEX)


def test_doubt_and_want_of_evidence_stand_apart() -> None:
    text = report_markdown("", ALL, KINDS, INDEX)
    before, _, after = text.partition(f"## {headings(text)[3]}")
    assert DOUBTED.claim in after
    assert UNFOUNDED.claim in after
    assert DOUBTED.claim not in before
    assert UNFOUNDED.claim not in before


def test_a_summary_names_chapters_and_never_numbers() -> None:
    text = report_markdown("He has a lamp [11]. It rains [21, 99]. I like it.", ALL, KINDS, INDEX)
    summary = text.partition("##")[0]
    assert "[" not in summary
    assert "He has a lamp. (Chapter 1) It rains. (Chapter 2)" in summary
    assert "I like it." in text.rpartition("##")[2]


class TestConflicts:
    young = replace(
        LAMP,
        kind="Age",
        words="Anna, who was nineteen, carried the lamp.",
        fields=(("about", "Anna"), ("value", "nineteen years old")),
    )
    old = replace(
        RAIN,
        kind="Age",
        words="At thirty Anna still feared the rain.",
        fields=(("about", "Anna"), ("value", "thirty years old")),
    )

    def test_both_sides_stand_beside_each_other(self) -> None:
        (conflict,) = conflicts((self.young, self.old)).values()
        assert [behind for _, behind in conflict.sides] == [(self.young,), (self.old,)]
        assert (
            "Anna"
            in report_markdown("", (self.young, self.old), ("Age",), INDEX).partition("## Age")[0]
        )

    def test_what_is_dismissed_is_not_shown_again(self) -> None:
        found = (self.young, self.old)
        text = report_markdown("", found, ("Age",), INDEX, intended=tuple(conflicts(found)))
        assert headings(text) == ["Age"]

    def test_a_value_that_its_sentence_does_not_state_contradicts_nothing(self) -> None:
        assert not conflicts((self.young, replace(self.old, words="Anna was older.")))

    @pytest.mark.parametrize("change", [{"start": None}, {"doubts": DOUBTED.doubts}])
    def test_what_is_not_supported_contradicts_nothing(self, change: dict[str, object]) -> None:
        assert not conflicts((self.young, replace(self.old, **change)))  # type: ignore[arg-type]


def test_a_page_that_looks_while_it_is_read_sees_what_was_found(desk: Desk) -> None:
    report = desk.begin(book())
    now = desk.until(report, lambda now: any(now.findings.values()))
    found = [one for findings in now.findings.values() for one in findings]
    assert all(one.words in now.final(now.lenses[0]).answer for one in found)
    desk.finished(report)

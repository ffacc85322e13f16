"""The JSON file: every figure, every quote with its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from components.analysis import lenses
from components.evidence import Index
from components.export import as_json, report_json
from components.store import State
from tests.doubles.scripted_ollama import Say, Step
from tests.reports.desk import Desk, ReadReport, book
from tests.reports.reading import INVENTED, reads

CLAIMS = (
    "Marlow carried the lamp number 2 up the stair.",
    "Banquo carried the lamp number 3 up the stair.",
    "Everybody sleeps through the evening concert.",
)


def claims(body: dict[str, Any]) -> Sequence[Step]:
    """Answer with three claims: one that holds, one with a stranger, one that nothing bears out."""
    said = reads(body)
    if "statement" not in str(body.get("format")):
        return said
    answer = json.loads("".join(one.text for one in said if isinstance(one, Say)))
    first = next(iter(answer))
    answer[first] = [
        answer[first][0] | {"number": number, "statement": claim}
        for number, claim in zip((4, 5, 9), CLAIMS, strict=True)
    ]
    return (Say(json.dumps(answer)), said[-1])


def test_everything_is_in_it(read_report: ReadReport) -> None:
    report = read_report()
    index = Index(report.manuscript)
    found = as_json(report, index)
    assert found["format"] == "first-reader-report"
    assert found["is_complete"] is True
    assert found["missing"] == []
    assert found["setting"]["num_ctx"] == 2560
    assert [one["name"] for one in found["manuscript"]["chapters"]] == [
        f"Chapter {number}" for number in range(1, 6)
    ]
    assert len(found["steps"]) == len(report.steps)
    assert {one["state"] for one in found["receipts"]} == {"complete"}
    for step in found["steps"]:
        figures = step["statistics"]
        assert figures["done_reason"] == "stop"
        assert figures["prompt_eval_count"] > 0
        assert figures["eval_duration"] > 0
        assert step["started"].endswith("Z")
        for one in step["quotes"] or []:
            assert step["answer"][one["start"] : one["end"]] == one["text"]
            for place in one["places"]:
                said = report.manuscript.text[place["start"] : place["end"]]
                assert said == one["text"]
    missing = {
        one["text"]
        for step in found["steps"]
        for one in step["quotes"] or []
        if not one["is_verified"]
    }
    assert missing == {INVENTED}
    assert found["quotations"]["total"] == found["quotations"]["found"] + 1 > 15
    assert all(one["evidence"]["is_verified"] for one in found["scores"])
    assert found["confidentiality"]["sha256"] == report.manuscript.sha256
    assert found["reports"][0]["text"] == report.final(report.lenses[0]).answer


def test_the_findings_are_in_it_with_their_words_and_what_is_doubted(desk: Desk) -> None:
    desk.server.reads = claims
    report = desk.finished(desk.begin(book(3), lenses=lenses()[:2], has_scores=False))
    index = Index(report.manuscript)
    found = as_json(report, index)["findings"]
    assert [one["lens"] for one in found] == [lens for lens in report.lenses for _ in CLAIMS] * 3
    by_step = {step: list(of) for step, of in groupby(found, lambda one: one["step"])}
    for step, of in by_step.items():
        assert report.steps[step].question.part == "findings"
        assert len({one["number"] for one in of}) == 3
    for one in found:
        if one["start"] is None:
            assert (one["end"], one["words"], one["chapter"]) == (None, "", "")
            continue
        assert report.manuscript.text[one["start"] : one["end"]] == one["words"]
        assert index.chapter_at(one["start"]).name == one["chapter"]
    named, doubted, unfounded = by_step[0]
    assert named["kind"] in {kind.name for kind in lenses()[0].kinds}
    assert named["claim"] == CLAIMS[0]
    assert named["is_supported"]
    assert not named["doubts"]
    assert [one["what"] for one in doubted["doubts"]] == ["Banquo"]
    assert not doubted["is_supported"]
    assert not unfounded["is_supported"]


def test_it_is_json_whatever_was_written(read_report: ReadReport) -> None:
    report = read_report(2)
    odd = "\ud800 \x00 \u2028 </script> “\ud83d"
    steps = tuple(
        replace(one, answer=odd) if one.question.part != "scores" else one for one in report.steps
    )
    report = replace(report, steps=steps)
    text = report_json(report, Index(report.manuscript))
    assert json.loads(text.encode())["steps"][0]["answer"].endswith("?")


def test_what_is_not_there_is_null_and_not_zero(read_report: ReadReport) -> None:
    report = read_report(2, words=1200, num_ctx=2560)
    cut = {"state": State.FAILED, "answer": "", "statistics": None}
    steps = tuple(
        replace(one, **cut) if one.question.part == "scores" else one for one in report.steps
    )
    found = as_json(replace(report, steps=steps), Index(report.manuscript))
    assert found["scores"]
    for one in found["scores"]:
        assert one["scores"] is None
        assert one["evidence"] is None
    for step in found["steps"]:
        if step["part"] == "scores":
            assert step["statistics"] is None
            assert step["quotes"] is None

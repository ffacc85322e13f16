"""The JSON file: every figure, every quote with its place."""

from __future__ import annotations

import json
from dataclasses import replace

from components.evidence import Index
from components.export import as_json, report_json
from components.store import State
from tests.reports.desk import ReadReport
from tests.reports.reading import INVENTED


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
        for one in step["findings"] or []:
            assert step["answer"][one["start"] : one["end"]] == one["text"]
            for place in one["places"]:
                said = report.manuscript.text[place["start"] : place["end"]]
                assert said == one["text"]
    missing = {
        one["text"]
        for step in found["steps"]
        for one in step["findings"] or []
        if not one["is_verified"]
    }
    assert missing == {INVENTED}
    assert found["quotations"]["total"] == found["quotations"]["found"] + 1 > 15
    assert all(one["evidence"]["is_verified"] for one in found["scores"])
    assert found["confidentiality"]["sha256"] == report.manuscript.sha256
    assert found["reports"][0]["text"] == report.final(report.lenses[0]).answer


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
            assert step["findings"] is None

"""Charts of comparisons, by the values that are drawn."""

from __future__ import annotations

from typing import Any, cast

import pytest

from components.analysis import Rank
from components.plots import LIGHT
from components.plots.comparison_charts import draw_ranks, draw_scores
from components.reports import ChapterReading, ComparedChapter, ModelComparison
from components.reports.scores import ChapterScores


def said(tension: float | None) -> ChapterReading:
    scores = None
    if tension is not None:
        scores = ChapterScores(tension, 1.0, 2.0, -3.0, (), (), 1, 1)
    return ChapterReading((), scores, cast(Any, None))


def drawn(chart: Any) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    values = [spec["data"]] if "data" in spec else [layer["data"] for layer in spec["layer"]]
    named: list[dict[str, Any]] = values[0].get("values") or spec["datasets"][values[0]["name"]]
    return named


def test_a_column_without_a_score_has_no_letter_there() -> None:
    chapters = (
        ComparedChapter(1, "I", (said(2.0), said(7.0)), {}, (None, None)),
        ComparedChapter(2, "II", (said(None), said(4.0)), {}, (None, None)),
    )
    compared = ModelComparison((), (), chapters, (), ())
    points = drawn(draw_scores(compared, "AB", "tension", LIGHT))
    assert [(one["chapter"], one["letter"], one["value"]) for one in points] == [
        ("I", "A", 2.0),
        ("I", "B", 7.0),
        ("II", "B", 4.0),
    ]
    assert points[0]["at"] < points[0]["line"] == 1 < points[1]["at"]


@pytest.mark.parametrize(
    ("speeds", "models"), [({"a": 1.0, "b": 2.0}, ["a", "b"]), ({"a": 1.0}, [])]
)
def test_ranks_are_drawn_where_two_models_have_a_speed(
    speeds: dict[str, float], models: list[str]
) -> None:
    ranks = [Rank(name, 1000.0, 900.0, 1100.0, 3, 1.5) for name in ("a", "b", "c")]
    chart = draw_ranks(ranks, speeds)
    assert [one["model"] for one in drawn(chart)] == models if models else chart is None

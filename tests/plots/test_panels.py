"""What is drawn: each score at its place, a gap where there is none, what is counted beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import altair as alt
import pytest

from components.evidence import Index
from components.plots import (
    DARK,
    LIGHT,
    counts,
    draw_panel,
    draw_presence,
    opinions,
    presence,
)
from tests.plots.books import points_of, scores, shelf


def layers(chart: alt.LayerChart, mark: str) -> list[list[dict[str, Any]]]:
    """The data of each layer of this mark."""
    spec = chart.to_dict()
    found = [one["data"] for one in spec["layer"] if one["mark"]["type"] == mark]
    return [one["values"] if "values" in one else spec["datasets"][one["name"]] for one in found]


def rows(chart: alt.LayerChart, mark: str) -> list[dict[str, Any]]:
    """The data of the first layer of this mark."""
    return layers(chart, mark)[0]


def test_each_score_stands_in_the_middle_of_its_passage() -> None:
    of = shelf(3)
    tension = opinions(points_of(of, scores(2), scores(8), scores(5)))[0]
    assert [(one.at, one.value) for one in tension.marks] == [(1.0, 2), (2.0, 8), (3.0, 5)]
    assert tension.is_opinion


def test_where_there_is_no_score_there_is_a_gap_and_no_zero() -> None:
    of = shelf(5)
    found = points_of(of, scores(2), scores(3), None, scores(8), scores(9))
    for panel in opinions(found):
        assert [len(run) for run in panel.runs()] == [2, 2]
        assert panel.gaps(5) == [(2.5, 3.5)]
        chart = draw_panel(of, panel, LIGHT)
        assert {row["run"] for row in rows(chart, "line")} == {0, 1}
        assert len(rows(chart, "circle")) == 4
        assert rows(chart, "rect") == [{"left": 2.5, "right": 3.5}]


def test_a_chapter_that_was_left_out_is_a_gap_too() -> None:
    of = shelf(5)
    found = points_of(of, scores(2), scores(3), scores(4), scores(8), scores(9))
    without = [one for one in found if one.number != 1]
    panel = opinions(without)[0]
    assert [len(run) for run in panel.runs()] == [1, 3]
    assert panel.gaps(5) == [(1.5, 2.5)]


def test_a_missing_end_is_a_gap() -> None:
    of = shelf(3)
    assert opinions(points_of(of, None, scores(3), None))[0].gaps(3) == [(0.5, 1.5), (2.5, 3.5)]


def test_a_passage_without_scores_can_be_clicked() -> None:
    of = shelf(2)
    panel = opinions(points_of(of, scores(2), None))[0]
    columns = layers(draw_panel(of, panel, LIGHT), "rect")[-1]
    assert [row["said"] for row in columns] == ["2", "no scores"]
    assert [row["point"] for row in columns] == [0, 1]
    params = draw_panel(of, panel, LIGHT).to_dict()["params"]
    assert [one["name"] for one in params] == ["picked"]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_chart_is_valid_and_asks_for_nothing(colours: Any) -> None:
    of = shelf(4)
    found = points_of(of, scores(2), None, scores(8, characters=("Anna", "Nemo")), scores(5))
    drawn = [draw_panel(of, one, colours) for one in (*opinions(found), *counts(of, found))]
    drawn.append(draw_presence(of, presence(of, found, Index(of.manuscript)), colours))
    assert len(drawn) == 8
    for chart in drawn:
        spec = chart.to_dict()  # Held against the schema of Vega-Lite.
        assert spec["description"]
        del spec["$schema"]
        assert "://" not in json.dumps(spec)
        assert spec["layer"][-1]["encoding"]["x"]["field"] == "left"


def test_what_is_counted_is_of_chapters_and_leads_to_their_first_passage() -> None:
    of = shelf(3)
    dialogue, rhythm, words = counts(of, points_of(of, scores(), scores()))
    assert [one.value for one in words.marks] == [one.words for one in of.glance.chapters]
    assert [one.value for one in dialogue.marks] == [one.dialogue for one in of.glance.chapters]
    assert [one.value for one in rhythm.marks] == [
        one.sentence_median for one in of.glance.chapters
    ]
    assert [one.point for one in words.marks] == [0, 1, -1]
    assert not any(one.is_opinion for one in (dialogue, rhythm, words))


def test_the_words_say_where_it_peaks() -> None:
    of = shelf(4)
    panel = opinions(points_of(of, scores(2), scores(8), scores(8), None))[0]
    said = panel.in_words(4)
    assert "highest in Chapter 2 (8, as in 1 other)" in said
    assert "lowest in Chapter 1 (2)" in said
    assert "1 gap" in said


def test_the_presence_says_who_is_where_and_who_is_in_no_manuscript() -> None:
    of = shelf(4)
    found = points_of(
        of,
        scores(characters=("Anna", "Marlow")),
        scores(characters=("anna", "Captain Nemo")),
        None,
        scores(characters=("Anna’s", "Mr. Marlow")),
    )
    who = presence(of, found, Index(of.manuscript))
    assert [(one.label, sorted(one.points), one.is_known) for one in who.people] == [
        ("Anna", [0, 1, 3], True),
        ("Mr. Marlow", [0, 3], True),
        ("Captain Nemo", [1], False),
    ]
    chart = draw_presence(of, who, LIGHT)
    assert rows(chart, "rect") == [{"left": 2.5, "right": 3.5}]
    fields = layers(chart, "rect")[1]
    assert {one["row"] for one in fields} == {
        "Anna",
        "Mr. Marlow",
        "Captain Nemo\nnot in the manuscript",
    }
    said = who.in_words(4)
    assert "Anna in 3" in said
    assert "Not in the manuscript: Captain Nemo." in said


def test_a_chapter_of_two_passages_is_as_strong_as_its_share() -> None:
    of = shelf(1)
    whole = points_of(of, scores())[0]
    first = replace(whole, right=1.0)
    second = replace(whole, number=1, left=1.0, scores=scores(characters=("Weena",)))
    who = presence(of, [first, second], Index(of.manuscript))
    fields = layers(draw_presence(of, who, LIGHT), "rect")[1]
    assert [(one["who"], one["share"]) for one in fields] == [("Anna", 0.5), ("Weena", 0.5)]
    assert who.scored == {0: 2}

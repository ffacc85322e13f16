"""What comparisons come to, as Altair charts: scores of several reports, and ranks of models."""

from collections.abc import Sequence
from dataclasses import asdict

import altair as alt

from components.analysis import Rank
from components.plots.altair_charts import data, tooltip
from components.plots.palette import Palette
from components.reports import SCALES, ModelComparison

#: The entry of the palette in which each column is drawn, by its letter.
_COLORS = {"A": "dialogue", "B": "rhythm", "C": "reading_ease", "D": "names"}

#: Chapters between the letters of two columns at one chapter.
_STEP = 0.14


def draw_scores(
    differing: ModelComparison, letters: Sequence[str], scale: str, colours: Palette
) -> alt.LayerChart:
    """Draw each chapter's scores as letters on a line from the lowest to the highest."""
    points = [
        {
            "at": at + _STEP * (number - (len(letters) - 1) / 2),
            "line": at,
            "chapter": chapter.name,
            "letter": letter,
            "value": said.scores.value(scale),
        }
        for at, chapter in enumerate(differing.chapters, 1)
        for number, (letter, said) in enumerate(zip(letters, chapter.said, strict=True))
        if said.scores is not None
    ]
    low, high = SCALES[scale]
    title, name = "Chapters in the order of the book", scale.capitalize()
    along = alt.Scale(domain=[0.5, len(differing.chapters) + 0.5], nice=False, zero=False)
    axis = alt.Axis(tickMinStep=1, format="d", grid=False)
    base = data(points)
    lines = base.mark_rule(strokeWidth=2, opacity=0.4, color=colours["words"]).encode(
        x=alt.X("line:Q", title=title, scale=along),
        y=alt.Y("min(value):Q", title=name),
        y2="max(value):Q",
    )
    # The letters say which is which; the colors only help.
    by_letter = alt.Scale(domain=list(_COLORS), range=[colours[one] for one in _COLORS.values()])
    marks = base.mark_text(fontWeight="bold", fontSize=13).encode(
        x=alt.X("at:Q", title=title, scale=along, axis=axis),
        y=alt.Y("value:Q", title=name, scale=alt.Scale(domain=[low - 0.5, high + 0.5])),
        text="letter:N",
        color=alt.Color("letter:N", legend=None, scale=by_letter),
        tooltip=tooltip(("chapter:N", "Chapter"), ("letter:N", "Column"), ("value:Q", name, ".1f")),
    )
    chart: alt.LayerChart = alt.LayerChart(layer=[lines, marks]).configure_view(strokeWidth=0)
    return chart.properties(height=240)


def draw_ranks(ranks: Sequence[Rank], speeds: dict[str, float]) -> alt.LayerChart | None:
    """Draw rating against speed, with intervals, each point named; None of fewer than two models.

    `speeds` are tokens a second by model; one without a speed is left out.
    """
    rows = [asdict(rank) | {"speed": speeds[rank.model]} for rank in ranks if rank.model in speeds]
    if len(rows) < 2:
        return None
    scale, title = alt.Scale(zero=False), "Rating by your verdicts"
    base = data(rows).encode(
        x=alt.X("speed:Q", title="Writing speed, tokens a second", scale=scale)
    )
    rating = alt.Y("rating:Q", title=title, scale=scale)
    low = alt.Y("low:Q", title=title, scale=scale)
    bars = base.mark_rule(opacity=0.5).encode(y=low, y2="high:Q")
    points = base.mark_point(filled=True, size=90).encode(y=rating)
    names = base.mark_text(align="left", dx=9).encode(y=rating, text="model:N")
    return alt.LayerChart(layer=[bars, points, names])

"""What a glance found, as lists: names, phrases, echoes, favourite words, adverbs, filter words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import altair as alt
import streamlit as st

from components.measures import Echo, Favourite, Listed, Phrase, by_chapter
from components.plots import Book, measure_charts
from components.ui.glance.book_shape import per_thousand
from components.ui.glance.glance_excerpt import (
    choose,
    choose_chapter,
    name_of,
    show_places,
)
from components.ui.glance.glance_names import arrange, arranged
from components.ui.glance.measure_heading import heading
from components.ui.glance.plot_selection import Picked, draw, palette, places_in

#: Rows of a plot; the list below it has all.
_ROWS = 16
#: Pixels of a row.
_ROW = 23
_TABLE = 200


@st.fragment
def names(book: Book) -> None:
    """Show who is mentioned where."""
    found = arranged(book)
    table = _table(book, found, {"Also as": [", ".join(one.also) for one in found]})
    if not heading(book.glance, "names", table, partial(arrange, book)):
        return
    if not _nothing(found, "No names were found."):
        _plot(book, "names", found, measure_charts.grid)
        _reader(book, "names", found)


@st.fragment
def phrases(book: Book) -> None:
    """Show phrases that come again."""
    found: Sequence[Phrase] = book.glance.phrases or ()
    table = _table(book, found, {"By chance": [round(one.expected, 3) for one in found]})
    if heading(book.glance, "phrases", table) and not _nothing(
        found, "No phrase comes again often enough."
    ):
        _plot(book, "phrases", found, measure_charts.strip)
        _reader(book, "phrases", found)


@st.fragment
def echoes(book: Book) -> None:
    """Show uncommon words that come again soon."""
    found: Sequence[Echo] = book.glance.echoes or ()
    table = _table(book, found, {"Repeats": [one.repeats for one in found]})
    if heading(book.glance, "echoes", table) and not _nothing(
        found, "No uncommon word comes again within 60 words."
    ):
        _plot(book, "echoes", found, measure_charts.strip)
        _reader(book, "echoes", found)


@st.fragment
def favourites(book: Book) -> None:
    """Show words that the book likes."""
    found: Sequence[Favourite] = book.glance.favourites or ()
    more = {
        "Times as often as usual": [round(one.times, 1) for one in found],
        "Log-likelihood": [round(one.likelihood, 1) for one in found],
    }
    if heading(book.glance, "favourites", _table(book, found, more)) and not _nothing(
        found, "No word is used much more than usual."
    ):
        _plot(book, "favourites", found, measure_charts.grid, say=_times)
        _reader(book, "favourites", found)


@st.fragment
def adverbs(book: Book) -> None:
    """Show adverbs in -ly by chapter."""
    if per_thousand(book, "adverbs", lambda one: one.adverbs, "Adverbs in -ly"):
        found = book.glance.adverbs or ()
        if not _nothing(found, "No adverbs in -ly were found."):
            _reader(book, "adverbs", found)


@st.fragment
def filter_words(book: Book) -> None:
    """Show filter words by chapter."""
    if per_thousand(book, "filter_words", lambda one: one.filter_words, "Filter words"):
        found = book.glance.filter_words or ()
        if not _nothing(found, "No filter words were found in the narrative."):
            _reader(book, "filter_words", found)


def _nothing(found: Sequence[Listed], said: str) -> bool:
    if not found:
        st.html(f'<p class="fr-quiet">{said}</p>')
    return not found


def _plot(
    book: Book,
    section: str,
    found: Sequence[Listed],
    chart: Callable[..., alt.Chart],
    say: Callable[[Favourite], str] | None = None,
) -> None:
    shown = found[:_ROWS]
    labels = [
        say(one) if say is not None and isinstance(one, Favourite) else one.label for one in shown
    ]
    # Two rows of one label would fall together.
    distinct = [
        label if labels.count(label) == 1 else f"{label} ({number})"
        for number, label in enumerate(labels, 1)
    ]
    draw(
        chart(book, shown, distinct, section, palette()),
        name_of(book, section, "chart"),
        height=_ROW * len(shown) + 30,
        on_pick=partial(_pick, book, section, found),
    )


def _pick(book: Book, section: str, found: Sequence[Listed], picked: Picked) -> None:
    item = int(picked["item"])
    if "chapter" in picked:
        choose(book, section, item=item, chapter=int(picked["chapter"]))
    elif item < len(found):
        choose(book, section, item=item, chapter=0, number=int(picked["place"]))


def _reader(book: Book, section: str, found: Sequence[Listed]) -> None:
    """Offer an item and a chapter, and show the places."""
    key = name_of(book, section, "item")
    if st.session_state.get(key, 0) >= len(found):
        st.session_state[key] = 0
    st.session_state.setdefault(key, 0)
    left, right = st.columns(2)
    with left:
        item = st.selectbox(
            "Places of",
            range(len(found)),
            key=key,
            format_func=lambda one: f"{found[one].label} · {len(found[one].places):,}",
            on_change=choose,
            args=(book, section),
            kwargs={"item": None, "chapter": 0},
        )
    with right:
        chapter = choose_chapter(book, section, "The whole book")
    show_places(book, section, places_in(book, found[item].places, chapter))


def _table(
    book: Book, found: Sequence[Listed], more: Mapping[str, Sequence[object]]
) -> dict[str, Sequence[object]]:
    counts = [by_chapter(book.glance, one.places) for one in found[:_TABLE]]
    return {
        f"First {_TABLE}" if len(found) > _TABLE else "What": [one.label for one in found[:_TABLE]],
        "Times": [sum(count) for count in counts],
        "Chapters": [sum(map(bool, count)) for count in counts],
        "Most in": [book.name(count.index(max(count))) for count in counts],
        **{name: column[:_TABLE] for name, column in more.items()},
    }


def _times(one: Favourite) -> str:
    return f"{one.label} ×{one.times:,.0f}" if one.times >= 10 else f"{one.label} ×{one.times:.1f}"

"""The sections of a book at a glance: its shape by chapter, and lists of names, phrases and words.

Each has a heading with its definition, a plot, and the passages behind the plot.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from components import measures
from components.plots import Book, Palette, measure_charts
from components.ui.glance.charts import BY_TEXT, Picked, Spec, draw, palette, spec_of
from components.ui.glance.excerpts import choose, choose_chapter, inside, name_of, show_excerpt
from components.ui.glance.name_table import arrange, arranged
from components.ui.shared import widgets
from components.ui.shared.labels import plain

_HEIGHT = 120  # pixels of a plot with a bar for each chapter
_LONGEST = 20  # sentences of a chapter that are offered as its longest
_ROWS = 16  # rows of a list's plot; the list below it has all
_ROW_HEIGHT = 23  # pixels of such a row
_TABLE_ROWS = 200  # rows of a list's table
_NAMED = 6  # chapters that are named one by one

_Columns = Mapping[str, Sequence[object]]

#: What is said of each list that is empty.
_NOTHING = {
    "names": "No names were found.",
    "phrases": "No phrase comes again often enough.",
    "echoes": "No uncommon word comes again within 60 words.",
    "favourites": "No word is used much more than usual.",
    "adverbs": "No adverbs in -ly were found.",
    "filter_words": "No filter words were found in the narrative.",
}
#: What is said of a list beside its definition.
_NOTES = {
    "names": "What is written with a capital inside sentences: people, but also places, peoples "
    "and adjectives such as “English”. Hide those that you do not want.",
    "favourites": "×12 after a word: this book uses it 12 times as often as is usual in its "
    "language.",
}
#: Share of a chapter in quotation marks from which on it is taken for a tale that somebody tells.
_TALE = 0.9
#: What the table of a list says of an item beside where it is.
_MORE: dict[str, dict[str, Callable[[Any], object]]] = {
    "names": {
        "Also as": lambda name: ", ".join(form for form, _ in name.variants if form != name.label)
    },
    "phrases": {"By chance": lambda phrase: round(phrase.expected, 3)},
    "echoes": {"Repeats": lambda echo: echo.repeats},
    "favourites": {
        "Times as often as usual": lambda word: round(word.times, 1),
        "Log-likelihood": lambda word: round(word.likelihood, 1),
    },
}
#: Lists of which the plot has a stroke for each occurrence, and not a field for each chapter.
_STRIPS = frozenset({"phrases", "echoes"})


@st.fragment
def show(book: Book, measure: measures.Measure) -> None:
    """Show the section of a measure."""
    by_chapter = {"words": _length, "dialogue": _dialogue, "rhythm": _rhythm, "reading_ease": _ease}
    if measure in by_chapter:
        by_chapter[measure](book)
    elif measure in _MORE:
        _list(book, measure)
    else:
        _rates(book, measure)


def _length(book: Book) -> None:
    """Show the words of each chapter; a click opens its beginning."""
    chapters = book.glance.chapters
    words, unit = [chapter.words for chapter in chapters], book.glance.language.unit.capitalize()
    columns = {unit: words, "Sentences": [chapter.sentences for chapter in chapters]}
    if _head(book, "words", columns, "Read the beginning of"):
        _bars(book, "words", words, what=unit, form=",d")
        _show_chosen(book, "words", lambda chapter: _sentences(book, chapter)[:1])


def _dialogue(book: Book) -> None:
    """Show how much of each chapter is said aloud; a click opens what is said."""
    shares = [chapter.dialogue for chapter in book.glance.chapters]
    columns = {"Dialogue, %": [share and _rounded(100 * share) for share in shares]}
    if not _head(book, "dialogue", columns, "Read what is said in"):
        return
    speech = book.glance.speech
    if speech.told:
        widgets.info(
            f"This book is told inside quotation marks: {speech.quoted_share:.0%} of it stands "
            "within the outer ones. The teller’s own words count as narrative here; dialogue is "
            "what stands in marks of the other kind inside them, and what others say outside.",
            "format_quote",
        )
    if not speech.marks:
        widgets.say("No quotation marks and no dashes of dialogue were found.")
        return
    tales = [book.name(number) for number, share in enumerate(shares) if (share or 0) >= _TALE]
    if tales and not speech.told:
        more = f" and {len(tales) - _NAMED:,} more" if len(tales) > _NAMED else ""
        widgets.say(
            "Almost wholly in quotation marks, as a tale is that somebody in the book tells, "
            f"which counts as dialogue: {', '.join(tales[:_NAMED])}{more}."
        )
    _bars(book, "dialogue", shares, what="Dialogue", form=".0%")
    _show_chosen(book, "dialogue", partial(inside, book, speech.spans))


def _rhythm(book: Book) -> None:
    """Show the lengths of sentences along the book; a click opens that passage."""
    chapters = book.glance.chapters
    columns = {
        f"Median, {book.glance.language.unit}": [chapter.sentence_median for chapter in chapters],
        "First quartile": [chapter.sentence_low for chapter in chapters],
        "Third quartile": [chapter.sentence_high for chapter in chapters],
    }
    if not _head(book, "rhythm", columns, "Longest sentences of"):
        return

    def pick(picked: Picked) -> None:
        st.session_state[name_of(book, "rhythm", "sentence")] = int(picked["sentence"])
        choose(book, "rhythm", item=None, chapter=0)

    draw(_rhythm_spec(book, palette()), name_of(book, "rhythm", "chart"), pick)
    sentence = st.session_state.get(name_of(book, "rhythm", "sentence"))
    if not _show_chosen(book, "rhythm", partial(_longest, book)) and sentence is not None:
        last = sentence + measure_charts.sentences_per_point(book)
        show_excerpt(book, "rhythm", book.glance.sentences[sentence:last])


def _ease(book: Book) -> None:
    """Show how hard each chapter is to read; a click opens its longest sentences."""
    chapters = book.glance.chapters
    english = book.glance.holds("reading_ease")
    values = [chapter.reading_ease if english else chapter.lix for chapter in chapters]
    name = "Reading ease" if english else "LIX"
    columns = {name: [_rounded(value) for value in values]}
    if english:
        columns["Flesch-Kincaid grade"] = [_rounded(chapter.grade) for chapter in chapters]
        columns["LIX"] = [_rounded(chapter.lix) for chapter in chapters]
    measure: measures.Measure = "reading_ease" if english else "lix"
    if not _head(book, measure, columns, "Longest sentences of"):
        return
    if all(value is None for value in values):
        widgets.say("No chapter has a hundred words.")
        return
    _bars(book, measure, values, what=name, form=".0f")
    _show_chosen(book, measure, partial(_longest, book))


def _heading(
    glance: measures.Glance,
    measure: measures.Measure,
    columns: _Columns,
    beside: Callable[[], object] | None = None,
) -> bool:
    """Show the heading of a measure and its definition; return whether it holds for this book.

    Where it does not, a line says so. `columns` are the figures of the plot; `beside` draws what
    stands at the end of the line.
    """
    definition, language = measures.DEFINITIONS[measure], glance.language
    holds = definition.holds_for(language)
    with widgets.row(f"glance-head-{measure}", gap="small"):
        st.header(definition.name_in(language), anchor=False, width="content")
        with st.popover("What is this", icon=":material/help:", type="tertiary"):
            st.write(f"**{plain(definition.meaning)}**")
            st.write(plain(definition.rule))
            st.caption(f"Source: {plain(definition.source)} Holds for {plain(definition.where)}.")
        if holds:
            with st.popover("As a table", icon=":material/table:", type="tertiary"):
                st.dataframe(columns, hide_index=True, width=620)
            if beside is not None:
                beside()
    if not holds:
        widgets.say(f"Not shown: {definition.why_not(language)}")
    return holds


def _head(book: Book, measure: measures.Measure, columns: _Columns, offer: str = "") -> bool:
    """Show the heading of a measure by chapter; with an `offer` also the choice of a chapter."""
    beside = partial(choose_chapter, book, measure, f"{offer} a chapter", small=True)
    columns = {"Chapter": list(map(book.name, range(book.chapters))), **columns}
    return _heading(book.glance, measure, columns, beside if offer else None)


def _rates(book: Book, measure: measures.Measure) -> None:
    """Show a rate of each chapter; a click sets the chapter of which the list of words is."""
    rates = [getattr(chapter, measure) for chapter in book.glance.chapters]
    name = measures.DEFINITIONS[measure].name
    if _head(book, measure, {f"{name}, per thousand words": list(map(_rounded, rates))}):
        if any(rates):
            _bars(book, measure, rates, what=f"{name} in a thousand words", form=".1f")
        _reader(book, measure, getattr(book.glance, measure))


def _show_chosen(
    book: Book, section: str, passages: Callable[[int], Sequence[measures.Occurrence]]
) -> bool:
    """Show the passages of the chapter that is open in a section; return whether one is."""
    key = name_of(book, section, "chapter")
    if chapter := int(st.session_state.get(key, 0)):
        show_excerpt(book, section, passages(chapter))
    return chapter > 0


def _bars(
    book: Book, section: str, values: Sequence[float | None], *, what: str, form: str
) -> None:
    def pick(picked: Picked) -> None:
        choose(book, section, item=None, chapter=int(picked["chapter"]))

    spec = _bars_spec(book, values, section, palette(), what, form)
    draw(spec, name_of(book, section, "chart"), pick)


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs=BY_TEXT)
def _bars_spec(
    book: Book, values: Sequence[float | None], of: str, colours: Palette, what: str, form: str
) -> Spec:
    return spec_of(measure_charts.bars(book, values, of, colours, what=what, form=form), _HEIGHT)


@st.cache_data(show_spinner=False, max_entries=16, hash_funcs=BY_TEXT)
def _rhythm_spec(book: Book, colours: Palette) -> Spec:
    points = measure_charts.rhythm_points(book)
    return spec_of(measure_charts.rhythm(book, points, colours), _HEIGHT + 40)


def _longest(book: Book, chapter: int) -> list[measures.Occurrence]:
    """Return the longest sentences of a chapter, the longest first."""
    lengths = dict(zip(book.glance.sentences, book.glance.lengths, strict=True))
    by_length = sorted(_sentences(book, chapter), key=lambda sentence: -lengths[sentence])
    return by_length[:_LONGEST]


def _sentences(book: Book, chapter: int) -> list[measures.Occurrence]:
    return inside(book, book.glance.sentences, chapter)


def _list(book: Book, measure: measures.Measure) -> None:
    """Show the items of a list as a table, as a plot, and their passages."""
    items: Sequence[measures.Listed] = getattr(book.glance, measure) or ()
    if measure == "names":
        items = arranged(book)
    beside = partial(arrange, book) if measure == "names" else None
    if not _heading(book.glance, measure, _columns(book, measure, items), beside):
        return

    def pick(picked: Picked) -> None:
        item = int(picked["item"])
        if "chapter" in picked:
            choose(book, measure, item=item, chapter=int(picked["chapter"]))
        elif item < len(items):
            choose(book, measure, item=item, chapter=0, number=int(picked["place"]))

    shown = items[:_ROWS]
    if shown:
        if note := _NOTES.get(measure):
            widgets.say(note)
        chart = measure_charts.strip if measure in _STRIPS else measure_charts.grid
        spec = spec_of(chart(book, shown, measure, palette()), _ROW_HEIGHT * len(shown) + 30)
        draw(spec, name_of(book, measure, "chart"), pick)
    _reader(book, measure, items)


def _columns(book: Book, measure: measures.Measure, items: Sequence[measures.Listed]) -> _Columns:
    head = "What" if len(items) <= _TABLE_ROWS else f"First {_TABLE_ROWS}"
    listed = items[:_TABLE_ROWS]
    counts = [measures.by_chapter(book.glance, item.places) for item in listed]
    return {
        head: [item.label for item in listed],
        "Times": [sum(count) for count in counts],
        "Chapters": [sum(map(bool, count)) for count in counts],
        "Most in": [book.name(count.index(max(count))) for count in counts],
        **{name: [say(item) for item in listed] for name, say in _MORE[measure].items()},
    }


def _reader(book: Book, section: str, items: Sequence[measures.Listed]) -> None:
    """Offer an item and a chapter, and show its passages there; without items say so."""
    if not items:
        widgets.say(_NOTHING[section])
        return
    key = name_of(book, section, "item")
    if st.session_state.setdefault(key, 0) >= len(items):
        st.session_state[key] = 0
    left, right = st.columns(2)
    with left:
        item = st.selectbox(
            "Places of",
            range(len(items)),
            key=key,
            format_func=lambda at: f"{items[at].label} · {len(items[at].places):,}",
            on_change=choose,
            args=(book, section),
            kwargs={"item": None, "chapter": 0},
        )
    with right:
        chapter = choose_chapter(book, section, "The whole book")
    show_excerpt(book, section, inside(book, items[item].places, chapter))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

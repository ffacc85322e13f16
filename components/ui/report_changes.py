"""What changed since an earlier report: of the text, of the scores, and of what was quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from html import escape

import streamlit as st

from components.errors import FirstReaderError
from components.manuscripts import Manuscript
from components.novel import (
    Became,
    Change,
    Changed,
    Difference,
    Drafts,
    Paragraph,
    Quoted,
    Report,
    Revision,
    compare_drafts,
    open_report,
)
from components.store import Kind, Series
from components.ui import words
from components.ui.address import passage_address
from components.ui.checked_answers import looked_up
from components.ui.problems import show_problem
from components.ui.quote_marks import Marking
from components.ui.visit import Visit

#: Earlier reports to choose from, and paragraphs of a chapter that are shown.
_CHOICES, _SHOWN = 50, 60

_SAID = {
    Changed.ADDED: "Added",
    Changed.REMOVED: "Removed",
    Changed.CHANGED: "Changed",
}


def report_changes(visit: Visit, report: Report) -> None:
    """Offer the other reports to compare this one with, and show what changed since.

    Those on the same manuscript and on manuscripts of the same title come first.
    """
    others = _others(visit, report)
    if not others:
        st.html(
            '<p class="fr-quiet">There is no other report yet. Upload a revised draft and have it '
            "read: what changed since this report is then shown here.</p>"
        )
        return
    by_id = {one.id: said for one, said in others}
    chosen = st.selectbox(
        "What changed since",
        list(by_id),
        index=None,
        placeholder="Choose an earlier report",
        key=f"changes-since-{report.id}",
        format_func=by_id.__getitem__,
    )
    if chosen is None:
        return
    try:
        before = open_report(visit.shelf, visit.shelf.series.get(chosen))
    except FirstReaderError as error:
        show_problem(error)
        return
    marking = Marking(visit)
    ids = (before.series.manuscript_id, report.series.manuscript_id)
    indexes = [marking.index(one) for one in ids]
    if indexes[0] is None or indexes[1] is None:
        st.info("The manuscript of that report was deleted.", icon=":material/info:")
        return
    looks = (
        looked_up(indexes[0], before.manuscript.sha256),
        looked_up(indexes[1], report.manuscript.sha256),
    )
    drafts = compare_drafts(before, report, (indexes[0], indexes[1]), looks=looks)
    _show(drafts, before, report)


def _others(visit: Visit, report: Report) -> list[tuple[Series, str]]:
    """Return the other reports with what each is called, the likeliest earlier drafts first."""
    titles = {one.id: one.title for one in visit.shelf.manuscripts.all()}
    mine = titles.get(report.series.manuscript_id, report.manuscript.title)
    found = [one for one in visit.shelf.series.all(Kind.REPORT) if one.id != report.id]
    found.sort(
        key=lambda one: (
            one.manuscript_id != report.series.manuscript_id,
            titles.get(one.manuscript_id, "").casefold() != mine.casefold(),
        )
    )
    shown = found[:_CHOICES]
    said = [_called(one, titles) for one in shown]
    # A choice is known by what it is called: two of one minute are told apart by a number.
    return [
        (one, f"{name} ({said[at:].count(name)})" if said.count(name) > 1 else name)
        for at, (one, name) in enumerate(zip(shown, said, strict=True))
    ]


def _called(one: Series, titles: Mapping[str, str]) -> str:
    title = titles.get(one.manuscript_id, one.name)
    return f"{title} · {one.details['model']} · {words.date(one.created)}"


def _show(drafts: Drafts, before: Report, after: Report) -> None:
    st.html(f'<p class="fr-quiet">{escape(_summary(drafts))}</p>')
    for said in _warnings(drafts, before, after):
        st.caption(said)
    rows = "".join(_row(one) for one in drafts.changes)
    st.html(
        '<div class="fr-table fr-compared"><table aria-label="What changed"><thead><tr>'
        "<th>Chapter</th><th>Text</th><th>Words</th><th>Tension</th><th>Pace</th><th>Conflict</th>"
        f"<th>Valence</th><th>Quoted anew, no more</th></tr></thead><tbody>{rows}</tbody></table>"
        "</div>"
    )
    st.caption("Scores are a model’s opinion. “–” means that a report has none for the chapter.")
    worth = [
        (number, one)
        for number, one in enumerate(drafts.changes)
        if one.revision.paragraphs or one.new or one.gone
    ]
    if not worth:
        return
    by_number = dict(worth)
    chosen = st.selectbox(
        "Chapter",
        list(by_number),
        key=f"changes-chapter-{after.id}-{before.id}",
        format_func=lambda at: _name(by_number[at].revision),
    )
    _chapter(by_number[chosen], before, after)


def _summary(drafts: Drafts) -> str:
    if drafts.is_same_text:
        return "Both reports are on the same text: only what was said of it can differ."
    counts = {became: len(drafts.of(became)) for became in Became}
    parts = [f"{count:,} {became}" for became, count in counts.items() if count]
    moved = sum(one.revision.is_moved for one in drafts.changes)
    renamed = sum(one.revision.is_renamed for one in drafts.changes)
    parts += [f"{moved:,} moved"] * bool(moved) + [f"{renamed:,} renamed"] * bool(renamed)
    more = drafts.words_after - drafts.words_before
    return (
        f"Chapters: {', '.join(parts)}. Words: {drafts.words_before:,} before, "
        f"{drafts.words_after:,} after ({more:+,})."
    )


def _warnings(drafts: Drafts, before: Report, after: Report) -> list[str]:
    found = []
    if not drafts.is_same_model:
        found.append(
            words.plain(
                f"The earlier report is by {before.setting.model}, this one by "
                f"{after.setting.model}: where scores and quotations differ, that may be the "
                "models and not the draft."
            )
        )
    if not drafts.is_same_depth:
        found.append(
            f"The depths differ, {before.setting.depth} and {after.setting.depth}: so do the notes."
        )
    if any(not one.is_complete for one in (before, after)):
        found.append("Not all of both was read: what was not has no scores and no notes.")
    return found


def _name(revision: Revision) -> str:
    if revision.after is None:
        return f"{revision.before.name} (gone)" if revision.before is not None else ""
    return revision.after.name


def _what(revision: Revision) -> str:
    said: list[str] = [revision.became]
    if revision.is_moved:
        said.append("moved")
    both = revision.before is not None and revision.after is not None
    if revision.before is not None and both and revision.before.name != _name(revision):
        said.append(f"was “{revision.before.name}”")
    return ", ".join(said)


def _row(change: Change) -> str:
    revision = change.revision
    scores = {one.scale: one for one in change.scores}
    cells = [
        _name(revision),
        _what(revision),
        _both(revision.words_before, revision.words_after, "{:,.0f}"),
        *(_score(scores.get(scale)) for scale in ("tension", "pace", "conflict", "valence")),
        f"{len(change.new):,}, {len(change.gone):,}",
    ]
    return f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in cells)}</tr>"


def _both(before: float | None, after: float | None, form: str) -> str:
    """Say a figure before and after, once where it is the same; "–" where there is none."""
    said = ["–" if one is None else form.format(one) for one in (before, after)]
    return said[0] if said[0] == said[1] else f"{said[0]} → {said[1]}"


def _score(one: Difference | None) -> str:
    return "–" if one is None else _both(one.before, one.after, "{:.4g}")


def _chapter(change: Change, before: Report, after: Report) -> None:
    paragraphs = change.revision.paragraphs
    if paragraphs:
        counts = {what: sum(one.changed is what for one in paragraphs) for what in Changed}
        said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
        st.html(f'<p class="fr-quiet">Paragraphs: {escape(said)}.</p>')
    texts = (before.manuscript, after.manuscript)
    ids = (before.series.manuscript_id, after.series.manuscript_id)
    for one in paragraphs[:_SHOWN]:
        st.html(_paragraph(one, texts, ids))
    if len(paragraphs) > _SHOWN:
        st.caption(f"and {len(paragraphs) - _SHOWN:,} more paragraphs")
    old, new = "Quoted in the earlier report and not in this one", "Quoted in this report alone"
    st.html(
        _quotations(old, change.gone, ids[0], "no longer in the text")
        + _quotations(new, change.new, ids[1], "new in the text")
    )


def _paragraph(one: Paragraph, texts: tuple[Manuscript, Manuscript], ids: tuple[str, str]) -> str:
    """Return a paragraph as HTML: as it was, its lost words struck out, and as it is."""
    spans = (one.before, one.after)
    said = [
        "" if span is None else of.text[slice(*span)] for of, span in zip(texts, spans, strict=True)
    ]
    if one.changed is Changed.CHANGED:
        marked = _marked(*said)
    else:
        marked = (escape(said[0]), escape(said[1]))
    parts = [f"<p><b>{_SAID[one.changed]}</b></p>"]
    for span, html, manuscript_id, when in zip(spans, marked, ids, ("before", "now"), strict=True):
        if span is not None:
            address = escape(passage_address(manuscript_id, *span))
            link = f'<a href="{address}" target="_self" style="color: inherit">{when}</a>'
            parts.append(f"<p>{html} {link}</p>")
    return f'<div class="fr-analysis">{"".join(parts)}</div>'


def _marked(before: str, after: str) -> tuple[str, str]:
    """Return two texts as HTML, the words that only the one or the other has in it marked."""
    old, new = (re.findall(r"\s*\S+", one) for one in (before, after))
    found: tuple[list[str], list[str]] = ([], [])
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for into, piece, mark in ((0, old[i:j], "del"), (1, new[k:m], "ins")):
            html = escape("".join(piece))
            found[into].append(html if tag == "equal" or not html else f"<{mark}>{html}</{mark}>")
    return "".join(found[0]), "".join(found[1])


def _quotations(said: str, quoted: Sequence[Quoted], manuscript_id: str, only: str) -> str:
    if not quoted:
        return ""
    rows = "".join(
        f'<li><a href="{escape(passage_address(manuscript_id, one.start, one.end))}" '
        f'target="_self">“{escape(one.text)}”</a><span>{escape(one.lens)}'
        f"{'' if one.is_in_both else f'; {only}'}</span></li>"
        for one in quoted
    )
    return f'<div class="fr-checked"><p>{escape(said)}:</p><ul>{rows}</ul></div>'

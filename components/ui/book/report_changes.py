"""What changed since an earlier report: of the text, of the scores, and of what was quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import escape

import streamlit as st

from components.manuscripts import Manuscript
from components.reports import (
    Became,
    Changed,
    ChapterChange,
    Difference,
    Drafts,
    ParagraphChange,
    QuotationChange,
    Report,
    Revision,
)
from components.ui.shared import labels
from components.ui.shared.address import passage_address
from components.ui.shared.tables import table

#: Paragraphs of a chapter that are shown.
_SHOWN = 60

_SAID = {
    Changed.ADDED: "Added",
    Changed.REMOVED: "Removed",
    Changed.CHANGED: "Changed",
}

_HEADS = (
    *("Chapter", "Text", "Words", "Tension", "Pace", "Conflict", "Valence"),
    "Quoted anew, no more",
)


def report_changes(drafts: Drafts, before: Report, after: Report) -> None:
    """Show what changed from one report to the other, and one chapter of it in full."""
    st.html(f'<p class="fr-quiet">{escape(_summary(drafts))}</p>')
    for said in _warnings(drafts, before, after):
        st.caption(said)
    st.html(table("What changed", _HEADS, map(_row, drafts.changes), kind="fr-compared"))
    st.caption("Scores are a model’s opinion. “–” means that a report has none for the chapter.")
    worth = [
        (number, change)
        for number, change in enumerate(drafts.changes)
        if change.revision.paragraphs or change.new or change.gone
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
    moved = sum(change.revision.is_moved for change in drafts.changes)
    renamed = sum(change.revision.is_renamed for change in drafts.changes)
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
            labels.plain(
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


def _row(change: ChapterChange) -> list[str]:
    revision = change.revision
    scores = {score.scale: score for score in change.scores}
    return [
        _name(revision),
        _what(revision),
        _both(revision.words_before, revision.words_after, "{:,.0f}"),
        *(_score(scores.get(scale)) for scale in ("tension", "pace", "conflict", "valence")),
        f"{len(change.new):,}, {len(change.gone):,}",
    ]


def _both(before: float | None, after: float | None, form: str) -> str:
    """Say a figure before and after, once where it is the same; "–" where there is none."""
    said = ["–" if one is None else form.format(one) for one in (before, after)]
    return said[0] if said[0] == said[1] else f"{said[0]} → {said[1]}"


def _score(one: Difference | None) -> str:
    return "–" if one is None else _both(one.before, one.after, "{:.4g}")


def _chapter(change: ChapterChange, before: Report, after: Report) -> None:
    paragraphs = change.revision.paragraphs
    if paragraphs:
        counts = {
            what: sum(paragraph.changed is what for paragraph in paragraphs) for what in Changed
        }
        said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
        st.html(f'<p class="fr-quiet">Paragraphs: {escape(said)}.</p>')
    texts = (before.manuscript, after.manuscript)
    ids = (before.series.manuscript_id, after.series.manuscript_id)
    for paragraph in paragraphs[:_SHOWN]:
        st.html(_paragraph(paragraph, texts, ids))
    if len(paragraphs) > _SHOWN:
        st.caption(f"and {len(paragraphs) - _SHOWN:,} more paragraphs")
    old, new = "Quoted in the earlier report and not in this one", "Quoted in this report alone"
    st.html(
        _quotations(old, change.gone, ids[0], "no longer in the text")
        + _quotations(new, change.new, ids[1], "new in the text")
    )


def _paragraph(
    one: ParagraphChange, texts: tuple[Manuscript, Manuscript], ids: tuple[str, str]
) -> str:
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


def _quotations(said: str, quoted: Sequence[QuotationChange], manuscript_id: str, only: str) -> str:
    if not quoted:
        return ""
    rows = "".join(
        f'<li><a href="{escape(passage_address(manuscript_id, one.start, one.end))}" '
        f'target="_self">“{escape(one.text)}”</a><span>{escape(one.lens)}'
        f"{'' if one.is_in_both else f'; {only}'}</span></li>"
        for one in quoted
    )
    return f'<div class="fr-checked"><p>{escape(said)}:</p><ul>{rows}</ul></div>'

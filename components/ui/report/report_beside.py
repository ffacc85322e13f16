"""A report beside another: on the same text where they part, on two drafts what changed."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import escape

import streamlit as st

from components import reports
from components.reports import Report
from components.store import Kind, Series
from components.ui.answer.quote_marks import Marking
from components.ui.compare.book_differences import book_differences
from components.ui.compare.comparison_form import compare_as_before
from components.ui.shared import labels, widgets
from components.ui.shared.address import passage_address, passage_link
from components.ui.shared.html_tables import table
from components.ui.shared.problems import problems_shown
from components.ui.shared.visit import Visit

_CHOICES = 50  # other reports to choose from
_PARAGRAPHS = 60  # paragraphs of a chapter that are shown

_SCALES = ("tension", "pace", "conflict", "valence")


def report_beside(visit: Visit, report: Report) -> None:
    """Offer the other reports, and show where the chosen one and this part, or what changed since.

    Those on the same manuscript and on manuscripts of the same title come first.
    """
    if st.button(
        "Compare with another model",
        key="compare-report",
        icon=":material/compare:",
        help="Opens Compare with what this report was asked; what is answered is not asked again.",
    ):
        compare_as_before(visit, report)
    names = _others(visit, report)
    if not names:
        widgets.say(
            "There is no other report yet. Upload a revised draft and have it read, or have "
            "another model read this one: what changed, or where the two part, is then shown "
            "here."
        )
        return
    chosen: str | None = widgets.select(
        "Compare with",
        names,
        index=None,
        placeholder="Choose another report",
        key=f"changes-since-{report.id}",
    )
    if chosen is None:
        return
    with problems_shown():
        before = reports.open_report(visit.shelf, visit.shelf.series.get(chosen))
        marking = Marking(visit, before, report)
        if _text(before) == _text(report):
            _show_differences(before, report, marking)
        else:
            indexes = marking.index_of(before), marking.index_of(report)
            looks = marking.look(before), marking.look(report)
            _show_changes(reports.compare_drafts(before, report, indexes, looks=looks))


def _others(visit: Visit, report: Report) -> dict[str, str]:
    """Return the names of the other reports by their ids, the likeliest earlier drafts first."""
    titles = {manuscript.id: manuscript.title for manuscript in visit.shelf.manuscripts.all()}
    mine = titles.get(report.series.manuscript_id, report.manuscript.title).casefold()

    def unlikely(series: Series) -> tuple[bool, bool]:
        is_other = series.manuscript_id != report.series.manuscript_id
        return is_other, titles.get(series.manuscript_id, "").casefold() != mine

    others = [one for one in visit.shelf.series.all(Kind.REPORT) if one.id != report.id]
    others = sorted(others, key=unlikely)[:_CHOICES]
    names = [
        labels.facts(
            titles.get(one.manuscript_id, one.name), one.details["model"], labels.date(one.created)
        )
        for one in others
    ]
    # A choice is known by its name: two of one minute are told apart by a number.
    return {
        one.id: f"{name} ({names[at:].count(name)})" if names.count(name) > 1 else name
        for at, (one, name) in enumerate(zip(others, names, strict=True))
    }


def _text(report: Report) -> tuple[str, list[int]]:
    manuscript = report.manuscript
    return manuscript.text, [chapter.start for chapter in manuscript.chapters]


def _show_differences(before: Report, report: Report, marking: Marking) -> None:
    """Show where two reports on one book part, whoever made them and when."""
    named = " ".join(
        f"{letter}: {labels.date(one.series.created)}, {one.setting.model}."
        for letter, one in zip("AB", (before, report), strict=True)
    )
    widgets.say(f"Both are on the same text. {named}")
    index, look = marking.index_of(report), marking.look(report)
    book_differences(reports.compare_models([before, report], index, look=look), "AB", marking)


def _show_changes(drafts: reports.Drafts) -> None:
    """Show what changed from one report to the other, and one chapter of it in full."""
    widgets.say(drafts.in_words)
    for warning in drafts.warnings:
        st.caption(labels.plain(warning))
    heads = ("Chapter", "Text", "Words", *map(str.capitalize, _SCALES), "Quoted anew, no more")
    st.html(table("What changed", heads, map(_row, drafts.changes), kind="fr-compared"))
    st.caption("Scores are a model’s opinion. “–” means that a report has none for the chapter.")
    names = {
        number: change.revision.name
        for number, change in enumerate(drafts.changes)
        if change.revision.paragraphs or change.new or change.gone
    }
    if names:
        key = f"changes-chapter-{drafts.after.id}-{drafts.before.id}"
        change = drafts.changes[widgets.select("Chapter", names, key=key)]
        _chapter(change, (drafts.before, drafts.after))


def _row(change: reports.ChapterChange) -> list[str]:
    revision = change.revision
    scores = {score.scale: (score.before, score.after) for score in change.scores}
    return [
        revision.name,
        revision.in_words,
        _both(revision.words_before, revision.words_after, "{:,.0f}"),
        *(_both(*scores.get(scale, (None, None)), "{:.4g}") for scale in _SCALES),
        f"{len(change.new):,}, {len(change.gone):,}",
    ]


def _both(before: float | None, after: float | None, form: str) -> str:
    """Say a figure before and after, once where it is the same; "–" where there is none."""
    old, new = ("–" if value is None else form.format(value) for value in (before, after))
    return old if old == new else f"{old} → {new}"


def _chapter(change: reports.ChapterChange, both: tuple[Report, Report]) -> None:
    paragraphs = change.revision.paragraphs
    if paragraphs:
        widgets.say(f"Paragraphs: {change.revision.paragraphs_in_words}.")
    for paragraph in paragraphs[:_PARAGRAPHS]:
        st.html(_paragraph(paragraph, both))
    if len(paragraphs) > _PARAGRAPHS:
        st.caption(f"and {len(paragraphs) - _PARAGRAPHS:,} more paragraphs")
    old, new = (report.series.manuscript_id for report in both)
    gone = "Quoted in the earlier report and not in this one"
    st.html(
        _quotations(gone, change.gone, old, "no longer in the text")
        + _quotations("Quoted in this report alone", change.new, new, "new in the text")
    )


def _paragraph(change: reports.ParagraphChange, both: tuple[Report, Report]) -> str:
    """Return a paragraph as HTML: as it was, its lost words struck out, and as it is."""
    spans = (change.before, change.after)
    old, new = (
        "" if span is None else report.manuscript.text[slice(*span)]
        for report, span in zip(both, spans, strict=True)
    )
    is_marked = change.changed is reports.Changed.CHANGED
    marked = _marked(old, new) if is_marked else (escape(old), escape(new))
    parts = [f"<p><b>{change.changed.capitalize()}</b></p>"]
    for report, span, html, when in zip(both, spans, marked, ("before", "now"), strict=True):
        if span is not None:
            address = escape(passage_address(report.series.manuscript_id, *span))
            link = f'<a href="{address}" target="_self" style="color: inherit">{when}</a>'
            parts.append(f"<p>{html} {link}</p>")
    return f'<div class="fr-analysis" dir="auto">{"".join(parts)}</div>'


def _marked(before: str, after: str) -> tuple[str, str]:
    """Return two texts as HTML, the words that only the one or the other has in it marked."""
    old, new = (re.findall(r"\s*\S+", text) for text in (before, after))
    marked = {"del": "", "ins": ""}
    for opcode, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for tag, words in (("del", old[i:j]), ("ins", new[k:m])):
            html = escape("".join(words))
            is_plain = opcode == "equal" or not html
            marked[tag] += html if is_plain else f"<{tag}>{html}</{tag}>"
    return marked["del"], marked["ins"]


def _quotations(
    heading: str, quotations: Sequence[reports.QuotationChange], manuscript_id: str, only: str
) -> str:
    if not quotations:
        return ""
    rows = "".join(
        f"<li>{passage_link(f'“{quotation.text}”', manuscript_id, quotation.start, quotation.end)}"
        f"<span>{escape(quotation.lens)}{'' if quotation.is_in_both else f'; {only}'}</span></li>"
        for quotation in quotations
    )
    return f'<div class="fr-checked"><p>{escape(heading)}:</p><ul>{rows}</ul></div>'

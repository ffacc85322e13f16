"""The text of a manuscript, to be read: paragraphs, breaks between scenes, notes, a marked place.

The text is untrusted: every character of it is escaped, and nothing in it is taken for markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

import streamlit as st

from components.manuscripts.outline_edits import body_start, heading_start, looks_like_heading

if TYPE_CHECKING:
    from components.manuscripts import Chapter, Footnote, Manuscript

#: Characters that are shown at once: a long chapter has about half of them.
_PAGE = 60_000
#: A paragraph of marks alone, not longer than this, is a break between scenes: "* * *".
_MARKS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """The stretch of a chapter that is shown: its paragraphs, and what is before and after.

    `earlier` and `later` are where the page before and the next one start, None without one.
    """

    paragraphs: list[tuple[int, int]]
    earlier: int | None
    later: int | None


def shown_at(manuscript: Manuscript, chapter: Chapter, at: int) -> Shown:
    """Return the page of `chapter` that holds the character `at`; most chapters have one."""
    pages: list[list[tuple[int, int]]] = [[]]
    for pair in manuscript.paragraphs(chapter.start, chapter.end):
        if pages[-1] and pair[1] - pages[-1][0][0] > _PAGE:
            pages.append([])
        pages[-1].append(pair)
    number = max((n for n, page in enumerate(pages) if page and page[0][0] <= at), default=0)
    return Shown(
        pages[number],
        pages[number - 1][0][0] if number else None,
        pages[number + 1][0][0] if number + 1 < len(pages) else None,
    )


def reader_view(manuscript: Manuscript, chapter: Chapter, place: tuple[int, int] | None) -> Shown:
    """Show the page of `chapter` with `place` (start, end) on it, marked where it is not empty."""
    shown = shown_at(manuscript, chapter, place[0] if place else chapter.start)
    st.html(reader_html(manuscript, chapter, shown.paragraphs, place))
    return shown


def reader_html(
    manuscript: Manuscript,
    chapter: Chapter,
    paragraphs: list[tuple[int, int]],
    place: tuple[int, int] | None,
) -> str:
    """Return `paragraphs` of `chapter` as HTML, with the characters of `place` marked."""
    numbered = list(enumerate(sorted(manuscript.notes, key=lambda note: note.at), 1))
    body = body_start(chapter)
    parts, below, after_break = [], [], True
    if place and paragraphs and place[0] == place[1]:
        parts.append('<span class="fr-at"></span>')
    for left, right in paragraphs:
        text = manuscript.text[left:right]
        notes = [one for one in numbered if left <= one[1].at <= right and one not in below]
        below += notes
        inside = _inside(manuscript.text, left, right, place, notes)
        if _is_break(text):
            parts.append(f'<p class="fr-scene">{inside}</p>')
            after_break = True
            continue
        if not after_break and any(left <= scene < right for scene in chapter.scenes):
            parts.append("<hr>")
        after_break = False
        if _is_heading(chapter, left, right, body, text):
            parts.append(f"<h3>{inside}</h3>")
            after_break = True
        else:
            parts.append(f"<p>{inside}</p>")
    if below:
        parts.append(_notes(below))
    return f'<div class="fr-analysis fr-reader">{"".join(parts)}</div>'


def _is_heading(chapter: Chapter, left: int, right: int, body: int, text: str) -> bool:
    if body > heading_start(chapter):
        return heading_start(chapter) <= left and right <= body
    first = left - chapter.start < 2 and chapter.body_start <= chapter.start
    return first and looks_like_heading(" ".join(text.split()))


def _is_break(text: str) -> bool:
    return len(text) <= _MARKS and not any(char.isalnum() for char in text)


def _inside(
    text: str,
    left: int,
    right: int,
    place: tuple[int, int] | None,
    notes: list[tuple[int, Footnote]],
) -> str:
    """Return the characters of a paragraph as HTML: marks of notes, and the marked place."""
    start, end = (max(place[0], left), min(place[1], right)) if place else (left, left)
    cuts = {left, right, *(note.at for _, note in notes)}
    if start < end:
        cuts |= {start, end}
    html = [_signs(notes, left)]
    opened = False
    for one, two in pairwise(sorted(cuts)):
        piece = escape(text[one:two]).replace("\n", "<br>")
        if start <= one and two <= end:
            # The first of them is where the page scrolls to.
            first = ' class="fr-at"' if not opened and place and start == place[0] else ""
            piece, opened = f"<mark{first}>{piece}</mark>", True
        html += [piece, _signs(notes, two)]
    return "".join(html)


def _signs(notes: list[tuple[int, Footnote]], at: int) -> str:
    return "".join(f"<sup>{number}</sup>" for number, note in notes if note.at == at)


def _notes(notes: list[tuple[int, Footnote]]) -> str:
    rows = "".join(
        f"<li value={number}>{escape(note.text).replace(chr(10), '<br>')}</li>"
        for number, note in notes
    )
    return f'<ol class="fr-notes" aria-label="Notes">{rows}</ol>'

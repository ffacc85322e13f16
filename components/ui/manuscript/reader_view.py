"""The text of a manuscript, to be read: paragraphs, breaks between scenes, notes, a marked span.

The text is untrusted: every character of it is escaped, and nothing in it is taken for markup.
"""

from bisect import bisect_right
from html import escape
from itertools import pairwise

import streamlit as st

from components.manuscripts import Chapter, Footnote, Manuscript
from components.manuscripts.outline_edits import body_start, heading_start, looks_like_heading

#: Characters that are shown at once: a long chapter has about half of them.
_PAGE = 60_000
#: A paragraph of marks alone, not longer than this, is a break between scenes: "* * *".
_MARKS = 20

#: The start and the end of something in the text.
Span = tuple[int, int]


def reader_view(
    manuscript: Manuscript, chapter: Chapter, span: Span | None
) -> tuple[int | None, int | None]:
    """Show the page of `chapter` that has `span` on it, which is marked where it is not empty.

    Most chapters have one page. Return where the page before and the next one start, None without.
    """
    pages: list[list[Span]] = []
    for paragraph in manuscript.paragraphs(chapter.start, chapter.end):
        if not pages or paragraph[1] - pages[-1][0][0] > _PAGE:
            pages.append([])
        pages[-1].append(paragraph)
    starts = [page[0][0] for page in pages]
    number = max(bisect_right(starts, span[0] if span else chapter.start) - 1, 0)
    st.html(_html(manuscript, chapter, pages[number] if pages else [], span))
    later = starts[number + 1] if number + 1 < len(starts) else None
    return (starts[number - 1] if number else None), later


def _html(
    manuscript: Manuscript, chapter: Chapter, paragraphs: list[Span], span: Span | None
) -> str:
    """Return `paragraphs` of `chapter` as HTML, with the characters of `span` marked."""
    numbered = list(enumerate(sorted(manuscript.notes, key=lambda note: note.at), 1))
    body = body_start(chapter)
    parts, below, after_break = [], [], True
    if span and paragraphs and span[0] == span[1]:
        parts.append('<span class="fr-at"></span>')
    for left, right in paragraphs:
        text = manuscript.text[left:right]
        notes = [note for note in numbered if left <= note[1].at <= right and note not in below]
        below += notes
        inside = _inside(manuscript.text, left, right, span, notes)
        if len(text) <= _MARKS and not any(char.isalnum() for char in text):
            parts.append(f'<p class="fr-scene">{inside}</p>')
            after_break = True
            continue
        if not after_break and any(left <= scene < right for scene in chapter.scenes):
            parts.append("<hr>")
        after_break = _is_heading(chapter, left, right, body, text)
        parts.append(f"<h3>{inside}</h3>" if after_break else f"<p>{inside}</p>")
    if below:
        rows = (f"<li value={number}>{_escaped(note.text)}</li>" for number, note in below)
        parts.append(f'<ol class="fr-notes" aria-label="Notes">{"".join(rows)}</ol>')
    lang = escape(manuscript.language)  # Han characters look otherwise in Chinese and Japanese.
    return f'<div class="fr-analysis fr-reader" dir="auto" lang="{lang}">{"".join(parts)}</div>'


def _is_heading(chapter: Chapter, left: int, right: int, body: int, text: str) -> bool:
    if body > heading_start(chapter):
        return heading_start(chapter) <= left and right <= body
    first = left - chapter.start < 2 and chapter.body_start <= chapter.start
    return first and looks_like_heading(" ".join(text.split()))


def _inside(
    text: str, left: int, right: int, span: Span | None, notes: list[tuple[int, Footnote]]
) -> str:
    """Return the characters of a paragraph as HTML: marks of notes, and the marked span."""
    start, end = (max(span[0], left), min(span[1], right)) if span else (left, left)
    cuts = {left, right, *(note.at for _, note in notes)}
    if start < end:
        cuts |= {start, end}
    html = [_signs(notes, left)]
    opened = False
    for here, there in pairwise(sorted(cuts)):
        piece = _escaped(text[here:there])
        if start <= here and there <= end:
            # The first of them is where the page scrolls to.
            first = ' class="fr-at"' if not opened and span and start == span[0] else ""
            piece, opened = f"<mark{first}>{piece}</mark>", True
        html += [piece, _signs(notes, there)]
    return "".join(html)


def _signs(notes: list[tuple[int, Footnote]], at: int) -> str:
    return "".join(f"<sup>{number}</sup>" for number, note in notes if note.at == at)


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")

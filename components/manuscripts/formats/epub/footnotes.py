"""Footnotes of an EPUB: found by the links that mark them, taken out of the text.

EPUB 3 says so (`epub:type="noteref"`). Older books have only a raised number that links to a
paragraph which links back; that much is asked for, so that no other link costs a book its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.safe_xml import attribute, local, text_of

if TYPE_CHECKING:
    from components.manuscripts.formats.safe_xml import Element

_MARKS = frozenset({"noteref", "doc-noteref", "rearnoteref"})
_NOTES = frozenset(
    {"footnote", "endnote", "rearnote", "note", "doc-footnote", "doc-endnote", "doc-rearnote"}
)
_BACKLINKS = frozenset({"backlink", "doc-backlink", "referrer"})
_HOLDERS = frozenset({"p", "li", "div", "aside", "dd", "dt", "td", "tr"})
#: A note has no headings, and fewer characters than this; what has is a chapter that a link found.
_MAX_NOTE = 20_000
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,4}|[a-z]|[ivxl]{1,6})[\])]?\.?", re.IGNORECASE)
_ARROWS = " \u21a9\u21b5\u2191\ufe0e\u2934^"


class Notes:
    """The notes of one book, found before its pages are read."""

    def __init__(self, trees: dict[str, Element]) -> None:
        #: Notes by mark; elements stay the same while `trees` hold them.
        self._by_mark: dict[Element, Element] = {}
        self._bodies: set[Element] = set()
        ids: dict[tuple[str, str], Element] = {}
        links: list[tuple[str, Element]] = []
        for name, tree in trees.items():
            for one in tree.iter():
                for key in ("id", "name"):
                    if value := one.get(key):
                        ids.setdefault((name, value), one)
                kinds = _kinds(one)
                if local(one).lower() == "a" and one.get("href"):
                    links.append((name, one))
                elif not kinds.isdisjoint(_NOTES):
                    self._bodies.add(one)
        for name, link in links:
            fragment = unquote(str(link.get("href")).partition("#")[2])
            target = ids.get((resolve(name, str(link.get("href"))), fragment))
            if target is not None and fragment:
                self._pair(link, target)

    def marked(self, element: Element) -> str | None:
        """Return the note that `element` marks, None where it is no mark."""
        body = self._by_mark.get(element)
        return None if body is None else note_text(body)

    def is_note(self, element: Element) -> bool:
        """Return whether `element` is a note, and so no part of the text."""
        return element in self._bodies

    def words_beside(self, tree: Element) -> int:
        """Return how many words of a page are in none of the notes."""
        notes = [one for one in tree.iter() if one in self._bodies]
        return len(text_of(tree).split()) - sum(len(text_of(note).split()) for note in notes)

    def _pair(self, link: Element, target: Element) -> None:
        said = not _kinds(link).isdisjoint(_MARKS)
        if not said and not _is_raised_number(link):
            return
        body = next((upward for upward in _upwards(target) if upward in self._bodies), None)
        if body is None:
            body = next(
                (upward for upward in _upwards(target) if local(upward).lower() in _HOLDERS), None
            )
            if body is None or not _may_be_note(body) or not (said or _links_back(body, link)):
                return
        if not _contains(body, link):
            self._by_mark[link] = body
            self._bodies.add(body)


def note_text(body: Element) -> str:
    """Return the text of a note, without its number and the link back."""
    parts: list[str] = []

    def walk(element: Element) -> None:
        is_link = local(element).lower() == "a" and bool(element.get("href"))
        text = "".join(element.itertext()).strip() if is_link else ""
        back = not _kinds(element).isdisjoint(_BACKLINKS)
        if is_link and (back or _MARK.fullmatch(text) or not text.strip(_ARROWS)):
            return
        parts.append(element.text or "")
        for one in element:
            walk(one)
            parts.append(one.tail or "")
        if local(element).lower() in _HOLDERS:
            parts.append(" ")

    walk(body)
    return " ".join("".join(parts).split()).lstrip(".) ").strip()


def _is_raised_number(link: Element) -> bool:
    """Return whether a link looks like a note's mark: a number, raised or in brackets."""
    text = "".join(link.itertext()).strip()
    if not _MARK.fullmatch(text):
        return False
    around = link.getparent()
    raised = around is not None and local(around).lower() == "sup"
    inside = any(local(one).lower() == "sup" for one in link)
    classed = "note" in str(link.get("class", "")).lower()
    return raised or inside or classed or text[0] in "[(*†‡"


def _links_back(body: Element, link: Element) -> bool:
    """Return whether a link in `body` goes to where `link` stands."""
    names = {str(upward.get("id")) for upward in _upwards(link) if upward.get("id")}
    names |= {str(one.get("id") or one.get("name")) for one in link.iter()}
    return any(
        unquote(str(one.get("href")).partition("#")[2]) in names
        for one in body.iter()
        if local(one).lower() == "a" and one.get("href")
    )


def _may_be_note(body: Element) -> bool:
    if any(local(one).lower() in _HEADINGS for one in [*_upwards(body), *body.iter()]):
        return False
    return len("".join(body.itertext())) < _MAX_NOTE


def _contains(body: Element, link: Element) -> bool:
    """Return whether the mark stands in the note itself, as links back do."""
    return any(upward is body for upward in _upwards(link))


def _upwards(element: Element) -> list[Element]:
    return [element, *element.iterancestors()]


def _kinds(element: Element) -> frozenset[str]:
    return frozenset((attribute(element, "type") + " " + attribute(element, "role")).split())

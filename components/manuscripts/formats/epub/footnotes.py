"""Footnotes of an EPUB: found by the links that mark them, taken out of the text.

EPUB 3 says so (`epub:type="noteref"`). Older books have only a raised number that links to a
paragraph which links back; that much is asked for, so that no other link costs a book its text.
"""

import re
from urllib.parse import unquote

from components.manuscripts.formats.archive import resolve
from components.manuscripts.formats.safe_xml import Element, attribute, local, text_of

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
        self._notes: set[Element] = set()
        ids: dict[tuple[str, str], Element] = {}
        links: list[tuple[str, Element]] = []
        for page, tree in trees.items():
            for element in tree.iter():
                for key in ("id", "name"):
                    if value := element.get(key):
                        ids.setdefault((page, value), element)
                if _is_link(element):
                    links.append((page, element))
                elif not types_of(element).isdisjoint(_NOTES):
                    self._notes.add(element)
        for page, link in links:
            fragment = _fragment(link)
            target = ids.get((resolve(page, str(link.get("href"))), fragment))
            note = self._note_of(link, target) if target is not None and fragment else None
            if note is not None and note not in _upwards(link):  # links back stand in the note
                self._by_mark[link] = note
                self._notes.add(note)

    def marked(self, element: Element) -> str | None:
        """Return the text of the note that `element` marks, None where it is no mark."""
        note = self._by_mark.get(element)
        return None if note is None else _text(note)

    def is_note(self, element: Element) -> bool:
        """Return whether `element` is a note, and so no part of the text."""
        return element in self._notes

    def words_beside(self, tree: Element) -> int:
        """Return how many words of a page are in none of the notes."""
        notes = sum(len(text_of(note).split()) for note in tree.iter() if note in self._notes)
        return len(text_of(tree).split()) - notes

    def _note_of(self, link: Element, target: Element) -> Element | None:
        """Return the note that a link to `target` marks, if it is a mark."""
        is_mark = not types_of(link).isdisjoint(_MARKS)
        if not is_mark and not _is_raised_number(link):
            return None
        upwards = _upwards(target)
        known = next((above for above in upwards if above in self._notes), None)
        if known is not None:
            return known
        holder = next((above for above in upwards if _name(above) in _HOLDERS), None)
        if holder is None or len("".join(holder.itertext())) >= _MAX_NOTE:
            return None
        if any(_name(near) in _HEADINGS for near in [*_upwards(holder), *holder.iter()]):
            return None
        # Where the mark stands: a note links back there.
        ids = {str(above.get("id")) for above in _upwards(link) if above.get("id")}
        ids |= {str(inner.get("id") or inner.get("name")) for inner in link.iter()}
        back = any(_fragment(inner) in ids for inner in holder.iter() if _is_link(inner))
        return holder if is_mark or back else None


def types_of(element: Element) -> frozenset[str]:
    """Return what an element says that it is: its `epub:type` and `role`."""
    return frozenset((attribute(element, "type") + " " + attribute(element, "role")).split())


def _text(note: Element) -> str:
    """Return the text of a note, without its number and the link back."""
    parts: list[str] = []

    def walk(element: Element) -> None:
        if _is_link(element):
            text = "".join(element.itertext()).strip()
            back = not types_of(element).isdisjoint(_BACKLINKS)
            if back or _MARK.fullmatch(text) or not text.strip(_ARROWS):
                return
        parts.append(element.text or "")
        for inner in element:
            walk(inner)
            parts.append(inner.tail or "")
        if _name(element) in _HOLDERS:
            parts.append(" ")

    walk(note)
    return " ".join("".join(parts).split()).lstrip(".) ").strip()


def _is_raised_number(link: Element) -> bool:
    """Return whether a link looks like a note's mark: a number, raised or in brackets."""
    text = "".join(link.itertext()).strip()
    if not _MARK.fullmatch(text):
        return False
    around = link.getparent()
    near = [*link] if around is None else [around, *link]
    classed = "note" in str(link.get("class", "")).lower()
    return classed or text[0] in "[(*†‡" or any(_name(element) == "sup" for element in near)


def _is_link(element: Element) -> bool:
    return _name(element) == "a" and bool(element.get("href"))


def _fragment(link: Element) -> str:
    return unquote(str(link.get("href")).partition("#")[2])


def _name(element: Element) -> str:
    return local(element).lower()


def _upwards(element: Element) -> list[Element]:
    return [element, *element.iterancestors()]

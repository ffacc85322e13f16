"""A PDF's outline (its bookmarks), as far as it says where chapters are.

An outline may be a ring, go on for ever or be a hundred deep; it is walked here entry by entry
within limits. It is taken for the book's structure only where its titles stand as lines on the
pages that they point to: bookmarks to pictures, to "Page 7" or to nothing are not chapters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from components.manuscripts.text.paragraphs import LineMark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdf import PdfReader

    from components.manuscripts.formats.pdf.columns import Flow

#: Entries of an outline that are read, and levels. The King James Bible has 1,255 chapters and
#: books on two levels.
_ENTRIES = 3_000
_DEPTH = 6
#: Characters of a title.
_TITLE = 250
#: Share of the entries that must be found as lines of their pages.
_FOUND = 0.6
#: Lines that a heading may go over.
_LINES = 6

_LETTERS = re.compile(r"[\W_]+")


class Bookmark(NamedTuple):
    """An entry: its title, its level (1 the highest) and the page it points to, from 0."""

    title: str
    level: int
    page: int


def entries(reader: PdfReader) -> list[Bookmark]:
    """Return the outline's entries that point to a page; none where it is broken or a ring."""
    try:
        root = reader.root_object
        if "/Outlines" not in root:
            return []
        first = root["/Outlines"].get_object().get("/First")  # type: ignore[union-attr]
        found = list(_walk(first))
        return [
            Bookmark(title, level, page)
            for title, level, entry in found
            if (page := _page(reader, entry)) is not None
        ]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything; a book can do without its outline
        return []


def _walk(first: Any) -> Iterator[tuple[str, int, Any]]:
    """Yield title, level and entry, in order, each entry once.

    Raises: ValueError where an entry comes twice: it is a ring, and says nothing.
    """
    seen: set[tuple[int, int]] = set()
    stack = [(first, 1)]
    while stack and len(seen) < _ENTRIES:
        reference, level = stack.pop()
        if reference is None:
            continue
        entry = reference.get_object()
        if entry is None or not hasattr(entry, "get"):
            continue
        if hasattr(reference, "idnum"):
            if (reference.idnum, reference.generation) in seen:
                raise ValueError
            seen.add((reference.idnum, reference.generation))
        else:
            seen.add((-len(seen) - 1, 0))
        title = " ".join(str(entry.get("/Title", "")).split())[:_TITLE]
        if title:
            yield title, level, entry
        stack.append((entry.raw_get("/Next") if "/Next" in entry else None, level))
        if level < _DEPTH and "/First" in entry:
            stack.append((entry.raw_get("/First"), level + 1))


def _page(reader: PdfReader, entry: Any) -> int | None:
    """Return the page that an entry points to, from 0."""
    target = entry.get("/Dest")
    if target is None and "/A" in entry:
        action = entry["/A"].get_object()
        target = action.get("/D") if action.get("/S") == "/GoTo" else None
    if target is None:
        return None
    target = target.get_object()
    if isinstance(target, (str, bytes)):
        named = reader.named_destinations.get(str(target))
        if named is None:
            return None
        return reader.get_destination_page_number(named)
    if hasattr(target, "get") and not isinstance(target, list):
        target = target.get("/D")
    if not isinstance(target, list) or not target:
        return None
    page = target[0].get_object() if not isinstance(target[0], int) else None
    if page is None:
        return int(target[0])
    return reader.get_page_number(page)


def marks(found: Sequence[Bookmark], flows: Sequence[Flow]) -> dict[tuple[int, int], LineMark]:
    """Return the headings of the outline by (flow, line); none where it is no list of chapters."""
    if len(found) < 2:
        return {}
    on_page: dict[int, list[int]] = {}
    for number, flow in enumerate(flows):
        on_page.setdefault(flow.page, []).append(number)
    placed: dict[tuple[int, int], LineMark] = {}
    missing = 0
    for entry in found:
        spot = _find(entry, flows, on_page, placed)
        if spot is None:
            missing += 1
        else:
            place, lines = spot
            placed[place] = LineMark(entry.level, entry.title, lines)
    return placed if len(placed) >= 2 and missing <= (1 - _FOUND) * len(found) else {}


def _find(
    entry: Bookmark,
    flows: Sequence[Flow],
    on_page: dict[int, list[int]],
    taken: dict[tuple[int, int], LineMark],
) -> tuple[tuple[int, int], int] | None:
    """Return where an entry's title stands, and over how many lines.

    Titles are compared by their letters. A heading "Chapter 1" above "The Storm" is the start of
    the entry "Chapter 1: The Storm"; the entry "The Storm" may stand below a "1" that it skips.
    """
    wanted = _letters(entry.title)
    if not wanted:
        return None
    for page in (entry.page, entry.page + 1, entry.page - 1):
        for number in on_page.get(page, ()):
            lines = flows[number].lines
            for at in range(len(lines)):
                if (number, at) in taken:
                    continue
                said = ""
                for count in range(1, _LINES + 1):
                    if at + count > len(lines):
                        break
                    said += _letters(lines[at + count - 1].text)
                    if said == wanted:
                        return (number, at), count
                    if not said or not wanted.startswith(said):
                        break
    return None


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()

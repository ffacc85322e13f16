"""What became of the pages of a PDF, and what the editor is told of it.

Pages are named by their numbers: an editor can look them up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.errors import DamagedFile, ImageOnly, LimitReached
from components.manuscripts.formats.pdf import ocr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.manuscripts.formats.pdf.printed_page import PrintedPage, TextLine

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8


@dataclass(slots=True)
class PageOutcomes:
    """The pages, and the numbers (from 1) of those with something amiss."""

    pages: list[PrintedPage]
    failed: list[int] = field(default_factory=list)
    over_limit: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    unrecognised: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    cut_short: bool = False


def sorted_out(pages: list[PrintedPage], *, cut_short: bool) -> PageOutcomes:
    """Return `pages` with the numbers of those that gave no text, by reason."""
    found = PageOutcomes(pages, cut_short=cut_short)
    for number, page in enumerate(pages, start=1):
        if page.state == "failed":
            found.failed.append(number)
        elif page.state == "over_limit":
            found.over_limit.append(number)
        elif page.picture and not page.lines:
            found.pictures.append(number)
    return found


def note_pictures(found: PageOutcomes, lines: Sequence[Sequence[TextLine]]) -> None:
    """Name also the pages on which only a page number stood beside the picture."""
    for number, (page, left) in enumerate(zip(found.pages, lines, strict=True), start=1):
        if page.picture and page.lines and not left:
            found.pictures.append(number)
    found.pictures.sort()


def check_text(found: PageOutcomes, *, recognise: bool) -> None:
    """Refuse a PDF that gave no text at all.

    Raises: DamagedFile, LimitReached, ImageOnly.
    """
    if any(page.lines for page in found.pages):
        return
    if not found.pages:
        raise DamagedFile("This PDF has no pages.")
    if found.over_limit:
        raise LimitReached("The pages of this PDF unfold into far more than a manuscript holds.")
    if found.failed:
        raise DamagedFile("None of the pages of this PDF could be read.")
    if recognise:
        raise ImageOnly(
            "Text recognition (OCR) found no text on the pages of this PDF.",
            advice="Scan the pages anew, upright and at 300 dots an inch, or ask for the original.",
        )
    if not found.pictures:
        raise ImageOnly(
            "This PDF holds no text: its pages are empty, or their letters are drawings (no OCR"
            " was tried).",
            advice="Ask for the original, or save it from its program as PDF with text.",
        )
    named = page_ranges(found.pictures)
    verb = "holds a picture" if len(found.pictures) == 1 else "hold pictures"
    raise ImageOnly(
        f"This PDF was scanned: {named} {verb} of text and no text; it needs text recognition"
        " (OCR).",
        advice=ocr.HOW_TO_USE if ocr.available() else ocr.HOW_TO_INSTALL,
    )


def warnings_of(found: PageOutcomes, *, without_heads: int, recognise: bool) -> Iterator[str]:
    """Yield what the editor should know of the pages."""
    if found.failed:
        yield _sentence(found.failed, "could not be read.")
    if found.over_limit:
        yield _sentence(found.over_limit, "unfolded into too much and could not be read.")
    if found.pictures:
        what = "holds a picture" if len(found.pictures) == 1 else "hold pictures"
        rest = f"{what} and no text: if that is a scan, what it says is missing here."
        how = ocr.HOW_TO_USE if ocr.available() else ocr.HOW_TO_INSTALL
        yield _sentence(found.pictures, rest) + ("" if recognise else f" {how}")
    if found.recognised:
        verb = "was" if len(found.recognised) == 1 else "were"
        yield _sentence(
            found.recognised, f"{verb} read by text recognition (OCR), which makes mistakes."
        )
    if found.doubtful:
        yield _sentence(found.doubtful, "could hardly be read: compare with the scan.")
    if found.unrecognised:
        yield _sentence(found.unrecognised, "could not be recognised and nothing was read there.")
    if found.cut_short:
        yield f"The file is damaged after page {len(found.pages)}: pages may be missing."
    if without_heads:
        what = "page" if without_heads == 1 else "pages"
        yield f"Left out the page number or running head on {without_heads:,} {what}."


def _sentence(numbers: list[int], rest: str) -> str:
    named = page_ranges(numbers)
    return f"{named[0].upper()}{named[1:]} {rest}"


def page_ranges(numbers: list[int]) -> str:
    """Return ascending page numbers in words: "page 3", "pages 3-5 and 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    named = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_RANGES_NAMED]]
    more = sum(b - a + 1 for a, b in ranges[_RANGES_NAMED:])
    if more:
        named.append(f"{more:,} more")
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"{'page' if len(numbers) == 1 else 'pages'} {listed}"

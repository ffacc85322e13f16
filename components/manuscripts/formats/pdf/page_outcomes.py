"""What became of the pages of a PDF, by their numbers, and what the editor is told of it."""

from collections.abc import Iterator, Sequence

from components.errors import DamagedFile, ImageOnly, LimitReached
from components.manuscripts.formats.pdf import ocr
from components.manuscripts.formats.pdf.printed_page import PrintedPage, TextLine

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8


def check_text(pages: Sequence[PrintedPage], *, recognize: bool) -> None:
    """Refuse a PDF without any text. Raises: DamagedFile, LimitReached, ImageOnly."""
    if any(page.lines for page in pages):
        return
    if not pages:
        raise DamagedFile("This PDF has no pages.")
    if _numbers(pages, "over_limit"):
        raise LimitReached("The pages of this PDF unfold into far more than a manuscript holds.")
    if _numbers(pages, "failed"):
        raise DamagedFile("None of the pages of this PDF could be read.")
    if recognize:
        raise ImageOnly(
            "Text recognition (OCR) found no text on the pages of this PDF.",
            advice="Scan the pages anew, upright and at 300 dots an inch, or ask for the original.",
        )
    pictures = [number for number, page in enumerate(pages, 1) if page.picture]
    if not pictures:
        raise ImageOnly(
            "This PDF holds no text: its pages are empty, or their letters are drawings (no OCR"
            " was tried).",
            advice="Ask for the original, or save it from its program as PDF with text.",
        )
    raise ImageOnly(
        f"This PDF was scanned: {page_ranges(pictures)} {_hold(pictures)} of text and no text; it"
        " needs text recognition (OCR).",
        advice=_how_to_recognize(),
    )


def warnings(
    pages: Sequence[PrintedPage], lines: Sequence[Sequence[TextLine]], *, recognize: bool
) -> Iterator[str]:
    """Yield what the editor should know of the pages, of which `lines` are left as text."""
    pictures = [
        number
        for number, (page, left) in enumerate(zip(pages, lines, strict=True), 1)
        # On some only a page number stood beside the picture.
        if page.picture and not left and (page.lines or page.state == "read")
    ]
    missing = f"{_hold(pictures)} and no text: if that is a scan, what it says is missing here."
    missing += "" if recognize else f" {_how_to_recognize()}"
    recognized = _numbers(pages, "recognized", "doubtful")
    were = "was" if len(recognized) == 1 else "were"
    for numbers, sentence in (
        (_numbers(pages, "failed"), "could not be read."),
        (_numbers(pages, "over_limit"), "unfolded into too much and could not be read."),
        (pictures, missing),
        (recognized, f"{were} read by text recognition (OCR), which makes mistakes."),
        (_numbers(pages, "doubtful"), "could hardly be read: compare with the scan."),
        (_numbers(pages, "unrecognized"), "could not be recognised and nothing was read there."),
    ):
        if numbers:
            named = page_ranges(numbers)
            yield f"{named[0].upper()}{named[1:]} {sentence}"


def _numbers(pages: Sequence[PrintedPage], *states: str) -> list[int]:
    return [number for number, page in enumerate(pages, 1) if page.state in states]


def _hold(numbers: Sequence[int]) -> str:
    return "holds a picture" if len(numbers) == 1 else "hold pictures"


def _how_to_recognize() -> str:
    return ocr.HOW_TO_USE if ocr.available() else ocr.HOW_TO_INSTALL


def page_ranges(numbers: Sequence[int]) -> str:
    """Return ascending page numbers in words: "page 3", "pages 3-5 and 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    named = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_RANGES_NAMED]]
    if more := sum(b - a + 1 for a, b in ranges[_RANGES_NAMED:]):
        named.append(f"{more:,} more")
    *others, last = named
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"{'page' if len(numbers) == 1 else 'pages'} {listed}"

"""What became of the pages of a PDF, by their numbers, and what the editor is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from components.errors import DamagedFile, ImageOnly, LimitReached
from components.manuscripts.formats.pdf import ocr
from components.manuscripts.formats.pdf.printed_page import PrintedPage, TextLine

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8


@dataclass(slots=True)
class PageOutcomes:
    """The pages, and the numbers (from 1) of those with something amiss."""

    pages: list[PrintedPage]
    cut_short: bool
    failed: list[int] = field(init=False)
    over_limit: list[int] = field(init=False)
    pictures: list[int] = field(init=False)
    recognized: list[int] = field(default_factory=list)
    unrecognized: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbered = list(enumerate(self.pages, start=1))
        self.failed = [number for number, page in numbered if page.state == "failed"]
        self.over_limit = [number for number, page in numbered if page.state == "over_limit"]
        self.pictures = [number for number, page in numbered if page.picture and not page.lines]

    def add_pictures(self, lines: Sequence[Sequence[TextLine]]) -> None:
        """Name also the pages on which only a page number stood beside the picture."""
        for number, (page, left) in enumerate(zip(self.pages, lines, strict=True), start=1):
            if page.picture and page.lines and not left:
                self.pictures.append(number)
        self.pictures.sort()

    def check_text(self, *, recognize: bool) -> None:
        """Refuse a PDF that gave no text at all.

        Raises: DamagedFile, LimitReached, ImageOnly.
        """
        if any(page.lines for page in self.pages):
            return
        if not self.pages:
            raise DamagedFile("This PDF has no pages.")
        if self.over_limit:
            raise LimitReached(
                "The pages of this PDF unfold into far more than a manuscript holds."
            )
        if self.failed:
            raise DamagedFile("None of the pages of this PDF could be read.")
        if recognize:
            raise ImageOnly(
                "Text recognition (OCR) found no text on the pages of this PDF.",
                advice="Scan the pages anew, upright and at 300 dots an inch, or ask for the"
                " original.",
            )
        if not self.pictures:
            raise ImageOnly(
                "This PDF holds no text: its pages are empty, or their letters are drawings (no"
                " OCR was tried).",
                advice="Ask for the original, or save it from its program as PDF with text.",
            )
        raise ImageOnly(
            f"This PDF was scanned: {page_ranges(self.pictures)} {_hold(self.pictures)} of text"
            " and no text; it needs text recognition (OCR).",
            advice=_how_to_recognize(),
        )

    def warnings(self, *, without_heads: int, recognize: bool) -> Iterator[str]:
        """Yield what the editor should know of the pages."""
        pictures = (
            f"{_hold(self.pictures)} and no text: if that is a scan, what it says is missing here."
        )
        pictures += "" if recognize else f" {_how_to_recognize()}"
        were = "was" if len(self.recognized) == 1 else "were"
        for numbers, sentence in (
            (self.failed, "could not be read."),
            (self.over_limit, "unfolded into too much and could not be read."),
            (self.pictures, pictures),
            (self.recognized, f"{were} read by text recognition (OCR), which makes mistakes."),
            (self.doubtful, "could hardly be read: compare with the scan."),
            (self.unrecognized, "could not be recognised and nothing was read there."),
        ):
            if numbers:
                named = page_ranges(numbers)
                yield f"{named[0].upper()}{named[1:]} {sentence}"
        if self.cut_short:
            yield f"The file is damaged after page {len(self.pages)}: pages may be missing."
        if without_heads:
            noun = "page" if without_heads == 1 else "pages"
            yield f"Left out the page number or running head on {without_heads:,} {noun}."


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

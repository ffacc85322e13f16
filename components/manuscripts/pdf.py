"""A PDF as prose, by pypdf.

pypdf was chosen for its licence and because it stays in Python: on broken files it raises, where
others abort the process. It may raise anything, though, so every exception of a page is caught
and becomes a warning that names the page; one bad page must not cost the editor the book.

The way: pages to lines with their places (`pdf_text`, several pages at once in `pdf_parallel`),
pictures of text recognised where that was asked for (`ocr`), running heads and page numbers off
(`pagination`), columns in order (`columns`), lines to paragraphs (`paragraphs`), headings from the
outline (`pdf_outline`) or from sizes (`pdf_levels`).

This module is the boundary: nothing of pypdf's leaves it.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from components.errors import (
    DamagedFile,
    ImageOnly,
    LimitReached,
    ManuscriptError,
    PasswordRequired,
    WrongPassword,
)
from components.manuscripts import ocr, pagination, paragraphs, pdf_outline, pdf_parallel
from components.manuscripts.columns import flows
from components.manuscripts.document import Document
from components.manuscripts.pdf_facts import facts_of
from components.manuscripts.pdf_levels import with_levels
from components.manuscripts.pdf_pictures import pictures
from components.manuscripts.pdf_text import read_page
from components.manuscripts.printed import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from components.manuscripts.limits import Limits

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8
#: Tesseract's confidence, of 100, below which a page's words are doubtful.
_DOUBTFUL = 70.0


@dataclass(slots=True)
class _Pages:
    """The pages, and the numbers (from 1) of those with something amiss."""

    pages: list[Page]
    failed: list[int]
    over_limit: list[int]
    pictures: list[int]
    recognised: list[int]
    unrecognised: list[int]
    doubtful: list[int]
    cut_short: bool = False


def read_pdf(
    data: bytes,
    *,
    password: str | None,
    limits: Limits,
    on_progress: Callable[[int, int], None] | None = None,
    recognise: bool = False,
    processes: int | None = None,
) -> Document:
    """Return the prose of a PDF, running heads and page numbers left out.

    An encrypted file is tried with the empty password first, then with `password`. With
    `recognise`, pages that are pictures are read by Tesseract. `on_progress` is told how many
    pages are done, of how many; `processes` is how many read them, by default as many as pay.

    Raises: PasswordRequired, WrongPassword, ImageOnly, DamagedFile, LimitReached.
    """
    with _mapped():
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            _unlock(reader, password)
        count = _count(reader, limits, size=len(data))
        tell = on_progress or _tell_nobody
        read = _Reading(limits, count, tell)
        found = _sorted_out(_extract(reader, read, processes), cut_short=read.cut_short)
        facts = facts_of(reader)
        if recognise and found.pictures:
            _recognise(reader, found, facts.language, limits, tell)
        outline = pdf_outline.entries(reader)
    _check_text(found, recognise=recognise)
    lines, changed = pagination.without_heads([page.lines for page in found.pages])
    _note_pictures(found, lines)
    in_order = flows(lines)
    placed = paragraphs.blocks(in_order, pdf_outline.marks(outline, in_order))
    size = paragraphs.text_size(in_order)
    return Document(
        tuple(with_levels(placed, in_order, size)),
        "pdf",
        title=facts.title,
        author=facts.author,
        language=facts.language,
        page_count=len(found.pages),
        warnings=tuple(_warnings(found, without_heads=changed, recognise=recognise)),
    )


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


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn whatever pypdf raises into our own exceptions.

    Raises: PasswordRequired, DamagedFile, LimitReached.
    """
    try:
        yield
    except (ManuscriptError, MemoryError):
        raise
    except LimitReachedError as error:
        raise LimitReached("This PDF unfolds into far more than a manuscript holds.") from error
    except FileNotDecryptedError as error:
        raise PasswordRequired("This PDF is locked with a password.") from error
    except DependencyError as error:
        raise DamagedFile("This PDF uses a kind of encoding that cannot be read here.") from error
    except RecursionError as error:
        raise DamagedFile("This PDF is nested too deeply to be read.") from error
    except Exception as error:  # a broken file makes pypdf raise anything, ValueError to KeyError
        raise DamagedFile("This PDF is damaged and cannot be opened.") from error


def _tell_nobody(done: int, total: int) -> None:
    """Take a report of progress that nobody asked for."""


def _unlock(reader: PdfReader, password: str | None) -> None:
    """Decrypt with the empty password, else with `password`.

    Raises: PasswordRequired, WrongPassword.
    """
    if reader.decrypt("") != PasswordType.NOT_DECRYPTED:
        return
    if not password:
        raise PasswordRequired("This PDF is locked with a password.")
    if reader.decrypt(password) == PasswordType.NOT_DECRYPTED:
        raise WrongPassword("That password does not open this PDF.")


def _count(reader: PdfReader, limits: Limits, *, size: int) -> int:
    """Return the number of pages that a PDF declares, 0 where it says nothing to be believed.

    A PDF is refused by that number before its pages are looked for, which takes seconds where
    there are many. A number that a file of `size` bytes cannot have is a lie and left to the
    counting of real pages.

    Raises: LimitReached.
    """
    count = reader.root_object["/Pages"].get_object().get("/Count")  # type: ignore[union-attr]
    if not isinstance(count, int) or not 0 < count <= size:
        return 0
    if count > limits.pages:
        raise _too_many_pages(limits)
    return count


class _Reading:
    """What is counted while pages are read."""

    def __init__(self, limits: Limits, count: int, tell: Callable[[int, int], None]) -> None:
        self.limits = limits
        self.count = count
        self.tell = tell
        self.cut_short = False
        self.restart()

    def restart(self) -> None:
        """Begin anew."""
        self.done = self.characters = 0

    def __call__(self, page: Page) -> None:
        """Count a page. Raises: LimitReached."""
        self.done += 1
        self.characters += page.characters
        if self.done > self.limits.pages:
            raise _too_many_pages(self.limits)
        if self.characters > self.limits.characters:
            raise LimitReached(
                f"This PDF holds more than {self.limits.characters:,} characters of text."
            )
        self.tell(self.done, max(self.count, self.done))


def _extract(reader: PdfReader, reading: _Reading, processes: int | None) -> list[Page]:
    """Return each page, by several processes where that pays, else one after another.

    Raises: LimitReached, and what pypdf raises where not even the first page can be reached.
    """
    several = pdf_parallel.processes_for(reading.count) if processes is None else processes
    if several > 1 and _reaches(reader, reading.count):
        try:
            return pdf_parallel.read_pages(reader, reading.count, several, reading)
        except (MemoryError, OSError, EOFError):
            # Too little memory or room for several, or a page that kills its reader: alone, the
            # same pages are read with all that this process may take.
            reading.restart()
    pages: list[Page] = []
    every = iter(reader.pages)
    while True:
        try:
            page = next(every, None)
        except (MemoryError, LimitReachedError):
            raise
        except Exception:
            if not pages:
                raise
            reading.cut_short = True
            break
        if page is None:
            break
        if len(pages) == reading.limits.pages:
            raise _too_many_pages(reading.limits)
        pages.append(read_page(page))
        reading(pages[-1])
    return pages


def _reaches(reader: PdfReader, count: int) -> bool:
    """Return whether the pages are as many as declared, and the last can be had."""
    try:
        return len(reader.pages) == count and reader.pages[count - 1] is not None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything; one after another tells which page
        return False


def _sorted_out(pages: list[Page], *, cut_short: bool) -> _Pages:
    found = _Pages(pages, [], [], [], [], [], [], cut_short)
    for number, page in enumerate(pages, start=1):
        if page.state == "failed":
            found.failed.append(number)
        elif page.state == "over_limit":
            found.over_limit.append(number)
        elif page.picture and not page.lines:
            found.pictures.append(number)
    return found


def _recognise(
    reader: PdfReader,
    found: _Pages,
    language: str,
    limits: Limits,
    tell: Callable[[int, int], None],
) -> None:
    """Put what Tesseract reads on pages that are pictures in their place."""
    wanted = found.pictures
    total = len(found.pages) + len(wanted)
    lost: list[int] = []
    seen = pictures(reader, [number - 1 for number in wanted], lost)
    done = len(found.pages)
    for one in ocr.recognise(seen, language=language, seconds=limits.ocr_page_seconds):
        done += 1
        tell(done, total)
        if one.lines is None:
            lost.append(one.page)
            continue
        found.pages[one.page] = ocr.as_page(one)
        if one.lines:
            found.recognised.append(one.page + 1)
            if one.confidence < _DOUBTFUL:
                found.doubtful.append(one.page + 1)
    found.unrecognised = sorted(page + 1 for page in lost)
    found.pictures = []


def _note_pictures(found: _Pages, lines: Sequence[Sequence[object]]) -> None:
    """Name also the pages on which only a page number stood beside the picture."""
    for number, (page, left) in enumerate(zip(found.pages, lines, strict=True), start=1):
        if page.picture and page.lines and not left:
            found.pictures.append(number)
    found.pictures.sort()


def _check_text(found: _Pages, *, recognise: bool) -> None:
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


def _warnings(found: _Pages, *, without_heads: int, recognise: bool) -> Iterator[str]:
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


def _too_many_pages(limits: Limits) -> LimitReached:
    return LimitReached(f"This PDF has more than {limits.pages:,} pages.")

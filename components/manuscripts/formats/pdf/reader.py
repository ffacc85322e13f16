"""A PDF as prose, by pypdf.

pypdf was chosen for its licence and because it stays in Python: on broken files it raises, where
others abort the process. It may raise anything, though, so every exception of a page is caught
and becomes a warning that names the page; one bad page must not cost the editor the book.

The way: pages to lines with their places (`page_text`, several pages at once in `parallel`),
pictures of text recognised where that was asked for (`ocr`), running heads and page numbers off
(`running_heads`), columns in order (`columns`), lines to paragraphs (`paragraphs`), headings from
the outline (`bookmarks`) or from sizes (`heading_sizes`).

This module is the boundary: nothing of pypdf's leaves it.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from components.errors import (
    DamagedFile,
    LimitReached,
    ManuscriptError,
    PasswordRequired,
    WrongPassword,
)
from components.manuscripts.document import Document
from components.manuscripts.formats.pdf import bookmarks, ocr, parallel, running_heads
from components.manuscripts.formats.pdf.columns import flows
from components.manuscripts.formats.pdf.document_info import facts_of
from components.manuscripts.formats.pdf.heading_sizes import with_levels
from components.manuscripts.formats.pdf.page_images import pictures
from components.manuscripts.formats.pdf.page_outcomes import (
    PageOutcomes,
    check_text,
    note_pictures,
    sorted_out,
    warnings_of,
)
from components.manuscripts.formats.pdf.page_text import read_page
from components.manuscripts.formats.pdf.printed_page import PrintedPage
from components.manuscripts.formats.pdf.typography import text_size
from components.manuscripts.text import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from components.manuscripts.limits import Limits

#: Tesseract's confidence, of 100, below which a page's words are doubtful.
_DOUBTFUL = 70.0


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
        found = sorted_out(_extract(reader, read, processes), cut_short=read.cut_short)
        facts = facts_of(reader)
        if recognise and found.pictures:
            _recognise(reader, found, facts.language, limits, tell)
        outline = bookmarks.entries(reader)
    check_text(found, recognise=recognise)
    lines, changed = running_heads.without_heads([page.lines for page in found.pages])
    note_pictures(found, lines)
    in_order = flows(lines)
    placed = paragraphs.blocks(in_order, bookmarks.marks(outline, in_order))
    size = text_size(in_order)
    return Document(
        tuple(with_levels(placed, in_order, size)),
        "pdf",
        title=facts.title,
        author=facts.author,
        language=facts.language,
        page_count=len(found.pages),
        warnings=tuple(warnings_of(found, without_heads=changed, recognise=recognise)),
    )


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

    def __call__(self, page: PrintedPage) -> None:
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


def _extract(reader: PdfReader, reading: _Reading, processes: int | None) -> list[PrintedPage]:
    """Return each page, by several processes where that pays, else one after another.

    Raises: LimitReached, and what pypdf raises where not even the first page can be reached.
    """
    several = parallel.processes_for(reading.count) if processes is None else processes
    if several > 1 and _reaches(reader, reading.count):
        try:
            return parallel.read_pages(reader, reading.count, several, reading)
        except (MemoryError, OSError, EOFError):
            # Too little memory or room for several, or a page that kills its reader: alone, the
            # same pages are read with all that this process may take.
            reading.restart()
    pages: list[PrintedPage] = []
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


def _recognise(
    reader: PdfReader,
    found: PageOutcomes,
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


def _too_many_pages(limits: Limits) -> LimitReached:
    return LimitReached(f"This PDF has more than {limits.pages:,} pages.")

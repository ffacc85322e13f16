"""A PDF as prose, by pypdf, which stays in Python: on broken files it raises, where others abort.

The way: pages to lines with their positions (`page_text`), pictures of text recognized
(`ocr`), running heads and page numbers off (`running_heads`), columns in order (`columns`), lines
to paragraphs (`text.paragraphs`), headings (`headings`). Nothing of pypdf's leaves this module.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from components.errors import (
    DamagedFile,
    ImageOnly,
    LimitReached,
    ManuscriptError,
    PasswordRequired,
    WrongPassword,
)
from components.manuscripts.document import Document
from components.manuscripts.formats import metadata
from components.manuscripts.formats.pdf import headings, ocr, page_text, running_heads
from components.manuscripts.formats.pdf.columns import flows
from components.manuscripts.formats.pdf.content import Fonts
from components.manuscripts.formats.pdf.fonts import UNKNOWN
from components.manuscripts.formats.pdf.footnotes import located, without_notes
from components.manuscripts.formats.pdf.line_numbers import without_line_numbers
from components.manuscripts.formats.pdf.printed_page import (
    DamageForgiven,
    PrintedPage,
    TextLine,
    noted,
)
from components.manuscripts.limits import Limits
from components.manuscripts.text import paragraphs
from components.manuscripts.text.decoding import counted

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8
#: What pypdf logs that is shown in its own words before the rest is only counted.
_NOTES = 3


def read_pdf(
    data: bytes,
    password: str | None = None,
    *,
    limits: Limits,
    on_progress: Callable[[int, int], None] | None = None,
    recognize: bool = False,
) -> Document:
    """Return the prose of a PDF, running heads and page numbers left out.

    An encrypted file is tried with the empty password first, then with `password`. With
    `recognize`, pages that are pictures are read by Tesseract. `on_progress` is told how many
    pages are done, of how many.

    Raises: PasswordRequired, WrongPassword, ImageOnly, DamagedFile, LimitReached.
    """
    report = on_progress or (lambda _done, _total: None)
    with _mapped(), noted() as logged:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            if not password:
                raise PasswordRequired("This PDF is locked with a password.")
            if not reader.decrypt(password):
                raise WrongPassword("That password does not open this PDF.")
        count = _count(reader, limits, size=len(data))
        pages, cut_short = _pages(reader, count, limits, report)
        title, author, language = _metadata(reader)
        if recognize:
            _recognize(reader, pages, language, limits, report)
        outline = headings.bookmarks(reader)
    _check_text(pages, recognize=recognize)
    lines, numbered = without_line_numbers([page.lines for page in pages])
    lines, changed = running_heads.without_heads(lines)
    warnings = list(_warnings(pages, lines, recognize=recognize))
    warnings += _logged(pages, logged)
    if cut_short:
        warnings.append(f"The file is damaged after page {len(pages)}: pages may be missing.")
    if changed:
        on_pages = counted(changed, "page")
        warnings.append(f"Left out the page number or running head on {on_pages}.")
    if numbered:
        warnings.append(f"Left out the numbers of the lines on {counted(numbered, 'page')}.")
    in_order, notes = without_notes(flows(lines))
    if notes:
        warnings.append(f"Kept {counted(len(notes), 'footnote')} apart from the text.")
    placed = paragraphs.blocks(in_order, headings.marks(outline, in_order))
    blocks, footnotes = located(headings.with_levels(placed, in_order), notes)
    return Document(
        tuple(blocks),
        "pdf",
        title=title,
        author=author,
        language=language,
        page_count=len(pages),
        warnings=tuple(warnings),
        notes=tuple(footnotes),
    )


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn whatever pypdf raises into PasswordRequired, DamagedFile or LimitReached."""
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


def _count(reader: PdfReader, limits: Limits, *, size: int) -> int:
    """Return the number of pages that a PDF declares, 0 where a file of `size` cannot have so many.

    A PDF is refused by that number before its pages are looked for, which takes seconds where there
    are many. Raises: LimitReached.
    """
    count = reader.root_object["/Pages"].get_object().get("/Count")  # type: ignore[union-attr]
    if not isinstance(count, int) or not 0 < count <= size:
        return 0
    if count > limits.pages:
        raise _too_many_pages(limits)
    return count


def _too_many_pages(limits: Limits) -> LimitReached:
    return LimitReached(f"This PDF has more than {limits.pages:,} pages.")


def _metadata(reader: PdfReader) -> tuple[str, str, str]:
    """Return title, author and language; broken metadata is no reason to refuse a book."""
    title = author = language = ""
    with DamageForgiven():
        if reader.metadata:
            title = metadata.title(_text(reader.metadata.title))
            author = metadata.author(_text(reader.metadata.author))
        language = metadata.language(_text(reader.root_object.get("/Lang")))
    return title, author, language


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _counter(
    count: int, limits: Limits, report: Callable[[int, int], None]
) -> Callable[[PrintedPage], None]:
    """Return what counts each page that is read, of `count`; it raises LimitReached."""
    done = characters = 0

    def add(page: PrintedPage) -> None:
        nonlocal done, characters
        done += 1
        characters += sum(len(line.text) for line in page.lines)
        if done > limits.pages:
            raise _too_many_pages(limits)
        if characters > limits.characters:
            raise LimitReached(
                f"This PDF holds more than {limits.characters:,} characters of text."
            )
        report(done, max(count, done))

    return add


def _pages(
    reader: PdfReader, count: int, limits: Limits, report: Callable[[int, int], None]
) -> tuple[list[PrintedPage], bool]:
    """Return each page, by several processes where that pays, and whether there may be more.

    Raises: LimitReached, and what pypdf raises where not even the first page can be reached.
    """
    several = page_text.processes_for(count)
    if several > 1 and _reaches(reader, count):
        # Too little memory or room for several, or a page that kills its reader: alone, the same
        # pages are read with all that this process may take.
        with suppress(MemoryError, OSError, EOFError):
            counter = _counter(count, limits, report)
            return page_text.read_pages(reader, count, several, counter), False
    add = _counter(count, limits, report)
    pages: list[PrintedPage] = []
    fonts: Fonts = {}
    unread = iter(reader.pages)
    while True:
        try:
            page = next(unread, None)
        except (MemoryError, LimitReachedError):
            raise
        except Exception:
            if not pages:
                raise
            return pages, True
        if page is None:
            return pages, False
        pages.append(page_text.read_page(page, fonts))
        add(pages[-1])


def _reaches(reader: PdfReader, count: int) -> bool:
    """Return whether the pages are as many as declared, and the last can be had."""
    with DamageForgiven():
        return len(reader.pages) == count and reader.pages[count - 1] is not None
    return False


def _recognize(
    reader: PdfReader,
    pages: list[PrintedPage],
    language: str,
    limits: Limits,
    report: Callable[[int, int], None],
) -> None:
    """Put what Tesseract reads on pages that are pictures in their place."""
    scanned = [index for index, page in enumerate(pages) if page.picture and not page.lines]
    for index in scanned:
        pages[index] = ocr.UNRECOGNIZED
    images = ocr.page_images(reader, scanned)
    read = ocr.recognize(images, language=language, seconds=limits.ocr_page_seconds)
    for done, (index, page) in enumerate(read if scanned else (), start=len(pages) + 1):
        report(done, len(pages) + len(scanned))
        pages[index] = page


def _check_text(pages: Sequence[PrintedPage], *, recognize: bool) -> None:
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


def _warnings(
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
    unknown = [
        number
        for number, page in enumerate(pages, 1)
        if any(UNKNOWN in line.text for line in page.lines)
    ]
    hold = "holds" if len(unknown) == 1 else "hold"
    were = "was" if len(recognized) == 1 else "were"
    for numbers, sentence in (
        (_numbers(pages, "failed"), "could not be read."),
        (_numbers(pages, "over_limit"), "unfolded into too much and could not be read."),
        (unknown, f"{hold} letters that the file does not name: they show as {UNKNOWN}."),
        (pictures, missing),
        (recognized, f"{were} read by text recognition (OCR), which makes mistakes."),
        (_numbers(pages, "doubtful"), "could hardly be read: compare with the scan."),
        (_numbers(pages, "unrecognized"), "could not be recognised and nothing was read there."),
    ):
        if numbers:
            named = page_ranges(numbers)
            yield f"{named[0].upper()}{named[1:]} {sentence}"


def _logged(pages: Sequence[PrintedPage], logged: Sequence[str]) -> Iterator[str]:
    """Yield what pypdf logged of the file, and of its pages, as warnings."""
    on_pages: dict[str, list[int]] = {note: [] for note in logged}
    for number, page in enumerate(pages, 1):
        for note in page.notes:
            on_pages.setdefault(note, []).append(number)
    for note, numbers in islice(on_pages.items(), _NOTES):
        where = f" on {page_ranges(numbers)}" if numbers else ""
        yield f"The file is not quite in order{where}. Its reader says: “{note}.”"
    if len(on_pages) > _NOTES:
        yield f"Its reader says {len(on_pages) - _NOTES:,} things more of that kind."


def _numbers(pages: Sequence[PrintedPage], *states: str) -> list[int]:
    return [number for number, page in enumerate(pages, 1) if page.state in states]


def _hold(numbers: Sequence[int]) -> str:
    return "holds a picture" if len(numbers) == 1 else "hold pictures"


def _how_to_recognize() -> str:
    return ocr.HOW_TO_USE if ocr.available() else ocr.HOW_WITHOUT


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

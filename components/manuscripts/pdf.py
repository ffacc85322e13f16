"""The text of a PDF, by pypdf.

pypdf was chosen for its licence and because it stays in Python: on broken files it raises, where
others abort the process. It may raise anything, though, so every exception of a page is caught
and becomes a warning that names the page; one bad page must not cost the editor the book.

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
from components.manuscripts import pagination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject

    from components.manuscripts.limits import Limits

#: Ranges of pages named in a warning before the rest are only counted.
_RANGES_NAMED = 8
#: Characters. Longer metadata is no title.
_MAX_TITLE = 150
_NO_TITLES = ("untitled", "unknown", "(unspecified)", "document", "microsoft word", "title")
_FILE_ENDINGS = (".doc", ".docx", ".odt", ".rtf", ".indd", ".pdf", ".txt", ".pages", ".dvi", ".tex")


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF holds: text, number of pages, a title from its metadata or None, warnings."""

    text: str
    page_count: int
    title: str | None
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Pages:
    """Text of each page so far, and the numbers (from 1) of those with something amiss."""

    texts: list[str]
    failed: list[int]
    over_limit: list[int]
    pictures: list[int]
    cut_short: bool = False


def read_pdf(data: bytes, *, password: str | None, limits: Limits) -> PdfText:
    """Return the text of a PDF, pages joined, running heads and page numbers left out.

    An encrypted file is tried with the empty password first, then with `password`.

    Raises: PasswordRequired, WrongPassword, ImageOnly, DamagedFile, LimitReached.
    """
    with _mapped():
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            _unlock(reader, password)
        _check_count(reader, limits, size=len(data))
        pages = _extract(reader, limits)
        title = _title(reader)
    _check_text(pages)
    texts, changed = pagination.without_heads(pages.texts)
    return PdfText(
        pagination.join(texts),
        len(pages.texts),
        title,
        tuple(_warnings(pages, without_heads=changed)),
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


def _check_count(reader: PdfReader, limits: Limits, *, size: int) -> None:
    """Refuse a PDF by the number of pages it declares, before they are looked for.

    Looking takes seconds where there are many. A number that a file of `size` bytes cannot have
    is a lie and left to the counting of real pages.

    Raises: LimitReached.
    """
    count = reader.root_object["/Pages"].get_object().get("/Count")  # type: ignore[union-attr]
    if isinstance(count, int) and limits.pages < count <= size:
        raise _too_many_pages(limits)


def _extract(reader: PdfReader, limits: Limits) -> _Pages:
    """Return the text of each page.

    Raises: LimitReached, and what pypdf raises where not even the first page can be reached.
    """
    found = _Pages([], [], [], [])
    characters = 0
    every = iter(reader.pages)
    while True:
        number = len(found.texts) + 1
        try:
            page = next(every, None)
        except (MemoryError, LimitReachedError):
            raise
        except Exception:
            if number == 1:
                raise
            found.cut_short = True
            break
        if page is None:
            break
        if number > limits.pages:
            raise _too_many_pages(limits)
        text = _page_text(page, number, found)
        characters += len(text)
        if characters > limits.characters:
            raise LimitReached(
                f"This PDF holds more than {limits.characters:,} characters of text."
            )
        found.texts.append(text)
    return found


def _page_text(page: PageObject, number: int, found: _Pages) -> str:
    """Return the text of one page, "" where it has none or cannot be read, and note which."""
    try:
        text = page.extract_text()
    except MemoryError:
        raise
    except LimitReachedError:
        found.over_limit.append(number)
        return ""
    except Exception:  # noqa: BLE001 - pypdf raises anything; the page is named in a warning
        found.failed.append(number)
        return ""
    if not text.strip() and _has_picture(page):
        found.pictures.append(number)
    return text


def _has_picture(page: PageObject) -> bool:
    """Return whether a page holds a picture, without decoding any."""
    try:
        resources = page["/Resources"].get_object()
        objects = resources["/XObject"].get_object()  # type: ignore[index]
        return any(objects[name].get_object().get("/Subtype") == "/Image" for name in objects)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - no resources, or broken ones: no picture to name
        return False


def _check_text(pages: _Pages) -> None:
    """Refuse a PDF that gave no text at all.

    Raises: DamagedFile, LimitReached, ImageOnly.
    """
    if any(text.strip() for text in pages.texts):
        return
    if not pages.texts:
        raise DamagedFile("This PDF has no pages.")
    if pages.over_limit:
        raise LimitReached("The pages of this PDF unfold into far more than a manuscript holds.")
    if pages.failed:
        raise DamagedFile("None of the pages of this PDF could be read.")
    raise ImageOnly(
        "This PDF holds no text, only pictures of pages: it was scanned, and needs text"
        " recognition (OCR)."
    )


def _warnings(pages: _Pages, *, without_heads: int) -> Iterator[str]:
    """Yield what the editor should know of `pages`."""
    if pages.failed:
        yield _sentence(pages.failed, "could not be read.")
    if pages.over_limit:
        yield _sentence(pages.over_limit, "unfolded into too much and could not be read.")
    if pages.pictures:
        verb = "holds" if len(pages.pictures) == 1 else "hold"
        yield _sentence(pages.pictures, f"{verb} pictures and no text; they may be scans.")
    if pages.cut_short:
        yield f"The file is damaged after page {len(pages.texts)}: pages may be missing."
    if without_heads:
        what = "page" if without_heads == 1 else "pages"
        yield f"Left out the page number or running head on {without_heads:,} {what}."


def _sentence(numbers: list[int], rest: str) -> str:
    named = page_ranges(numbers)
    return f"{named[0].upper()}{named[1:]} {rest}"


def _title(reader: PdfReader) -> str | None:
    """Return the title in the metadata, where a person may have written it."""
    try:
        metadata = reader.metadata
        title = metadata.title if metadata else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - broken metadata is no reason to refuse the book
        return None
    if not isinstance(title, str):
        return None
    shown = " ".join(title.split())
    folded = shown.casefold()
    if not shown or len(shown) > _MAX_TITLE:
        return None
    if folded in _NO_TITLES or folded.endswith(_FILE_ENDINGS) or folded.startswith("microsoft "):
        return None
    return shown


def _too_many_pages(limits: Limits) -> LimitReached:
    return LimitReached(f"This PDF has more than {limits.pages:,} pages.")

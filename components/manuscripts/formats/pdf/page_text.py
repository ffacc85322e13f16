"""The pages of a PDF to lines with their positions, by pypdf, a long PDF by several processes.

pypdf tells a visitor where each piece of text stands, at no measurable cost. It may raise anything
on a broken page: every exception becomes the page's `state`. It holds the interpreter all the time,
so that threads gain nothing: processes are forked when the file is open, which share what was
parsed. Where forking does not work or does not pay, one process reads the same text.
"""

import math
import multiprocessing
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError

from components.manuscripts.formats.pdf.printed_page import DamageForgiven, PrintedPage, TextLine
from components.manuscripts.text.decoding import as_letters

#: A piece of text as pypdf's visitor gets it: text, two matrices, the font, its size.
_Piece = tuple[str, list[float], list[float], Any, float]

#: Characters on a page, below which it is searched for a picture of text.
_FEW = 200
#: Forms within forms that are searched for a picture, and objects of one page that are.
_DEPTH = 2
_OBJECTS = 200
_BOLD_NAMES = ("bold", "black", "heavy", "demi")

#: Pages for each process below which starting it costs more than it saves (0.03 s).
_PAGES_EACH = 40
#: Processes, at most: the gain of more is small, and the app and Ollama want to run too.
_PROCESSES = 4
#: Pages sent at a time.
_BATCH = 16


def read_page(page: PageObject) -> PrintedPage:
    """Return the lines of one page; empty, with its `state`, where it cannot be read."""
    pieces: list[_Piece] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text:
            pieces.append((text, cm, tm, font, size))

    try:
        page.extract_text(visitor_text=visit)
        lines = tuple(_lines(pieces))
    except MemoryError:
        raise
    except LimitReachedError:
        return PrintedPage(state="over_limit")
    except Exception:  # noqa: BLE001 - pypdf raises anything; the page is named in a warning
        return PrintedPage(state="failed")
    picture = False
    if sum(len(line.text) for line in lines) < _FEW:
        with DamageForgiven():  # no resources, or broken ones: no picture to name
            picture = _shows_picture(page["/Resources"].get_object(), _DEPTH)
    return PrintedPage(lines, picture)


def processes_for(pages: int) -> int:
    """Return how many processes it pays to read `pages` pages with, here and now."""
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _PROCESSES, pages // _PAGES_EACH))


def read_pages(
    reader: PdfReader, count: int, processes: int, on_page: Callable[[PrintedPage], None]
) -> list[PrintedPage]:
    """Return the first `count` pages, read by `processes` processes.

    `on_page` is called with each page as it comes, in any order, and may raise to end the reading.
    Raises: MemoryError where a process has too little with its share; OSError where there is no
    room for another process; EOFError where one died.
    """
    context = multiprocessing.get_context("fork")
    bounds = [count * at // processes for at in range(processes + 1)]
    pages: dict[int, PrintedPage] = {}
    helpers: list[tuple[BaseProcess, Connection]] = []
    unfinished: list[Connection] = []

    def receive(timeout: float | None) -> None:
        ready = wait(unfinished, timeout)
        for connection in [connection for connection in unfinished if connection in ready]:
            batch = connection.recv()
            if batch is None:
                raise MemoryError
            if not batch:
                unfinished.remove(connection)
            for number, page in batch:
                pages[number] = page
                on_page(page)

    with _shared_memory(processes):
        try:
            for first, last in pairwise(bounds[1:]):
                receiving, sending = context.Pipe(duplex=False)
                numbers = range(first, last)
                process = context.Process(target=_serve, args=(reader, numbers, sending))
                process.daemon = True
                process.start()
                helpers.append((process, receiving))
                unfinished.append(receiving)
                sending.close()
            for number in range(bounds[1]):
                pages[number] = read_page(reader.pages[number])
                on_page(pages[number])
                receive(0)
            while unfinished:
                receive(None)
        finally:
            for helper, connection in helpers:
                helper.kill()
                helper.join()
                connection.close()
    return [pages[number] for number in range(count)]


def _serve(reader: PdfReader, numbers: range, sending: Connection) -> None:
    """Read the pages of these numbers and send them, at last none; None means no memory."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # the answer is the parent's to give
    try:
        for start in range(0, len(numbers) + _BATCH, _BATCH):
            batch = numbers[start : start + _BATCH]
            sending.send([(number, read_page(reader.pages[number])) for number in batch])
    except MemoryError:
        with suppress(OSError):
            sending.send(None)
    except OSError:
        os._exit(1)  # the parent has gone


@contextmanager
def _shared_memory(processes: int) -> Iterator[None]:
    """Divide the memory that this process may take among `processes` that are started meanwhile."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (soft // processes, hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _shows_picture(resources: Any, depth: int) -> bool:
    """Return whether a page shows a picture, without decoding any."""
    objects = resources.get("/XObject")
    if objects is None:
        return False
    objects = objects.get_object()
    forms = []
    for name in list(objects)[:_OBJECTS]:
        shown = objects[name].get_object()
        if shown.get("/Subtype") == "/Image":
            return True
        if shown.get("/Subtype") == "/Form" and "/Resources" in shown:
            forms.append(shown["/Resources"].get_object())
    return depth > 0 and any(_shows_picture(form, depth - 1) for form in forms)


def _lines(pieces: list[_Piece]) -> list[TextLine]:
    """Return `pieces` as lines: a piece that ends with a newline ends one."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        ends = piece[0].endswith("\n")
        if piece[0].strip() or (lines[-1] and not ends):
            lines[-1].append(piece)
        if ends:
            lines.append([])
    bold: dict[int, bool] = {}
    return [made for line in lines if (made := _line(line, bold)) is not None]


def _line(pieces: list[_Piece], bold: dict[int, bool]) -> TextLine | None:
    """Return the line that `pieces` make, where it says anything; `bold` are fonts known so far."""
    text = ""
    starts: list[tuple[float, int]] = []
    sizes: Counter[float] = Counter()
    heavy = 0
    y = 0.0
    for piece, cm, tm, font, size in pieces:
        shown = as_letters(piece)
        letters = len(shown.strip())
        if not letters:
            text += " " if text and not text.endswith(" ") else ""
            continue
        x, height, scale = _position(cm, tm)
        if not starts:
            y = height
            shown = shown.lstrip()
        if not starts or x != starts[-1][0]:
            starts.append((x, len(text)))
        text += shown
        sizes[round(size * scale, 1)] += letters
        if font is not None:
            if id(font) not in bold:
                name = str(font.get("/BaseFont", "")).casefold()
                bold[id(font)] = any(word in name for word in _BOLD_NAMES)
            heavy += letters if bold[id(font)] else -letters
    text = text.replace("\n", " ").rstrip()
    if not text:
        return None
    return TextLine(
        text,
        round(starts[0][0], 1),
        round(y, 1),
        sizes.most_common(1)[0][0],
        heavy > 0,
        tuple(starts) if len(starts) > 1 else (),
    )


def _position(cm: list[float], tm: list[float]) -> tuple[float, float, float]:
    """Return x, y and the scale of letters under the two matrices; a page on its side is turned."""
    a = tm[0] * cm[0] + tm[1] * cm[2]
    b = tm[0] * cm[1] + tm[1] * cm[3]
    c = tm[2] * cm[0] + tm[3] * cm[2]
    d = tm[2] * cm[1] + tm[3] * cm[3]
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    if not (math.isfinite(x) and math.isfinite(y)):
        x = y = 0.0
    if abs(a) < abs(b):  # letters that stand on their side: read as if the page were turned
        x, y = (y, -x) if b > 0 else (-y, x)
    elif d < 0 and a < 0:
        x, y = -x, -y
    return x, y, math.hypot(c, d)

"""The pages of a PDF to lines with their positions, by pypdf, a long PDF by several processes.

pypdf may raise anything on a broken page: every exception becomes the page's `state`. It holds the
interpreter all the time, so that threads gain nothing: processes are forked when the file is open,
which share what was parsed. Where forking does not work or does not pay, one process reads the
same text.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError

from components.manuscripts.formats.pdf.content import Fonts, pieces_of
from components.manuscripts.formats.pdf.lines import lines_of
from components.manuscripts.formats.pdf.printed_page import DamageForgiven, PrintedPage, noted

#: Characters on a page, below which it is searched for a picture of text.
_FEW = 200
#: Forms within forms that are searched for a picture, and objects of one page that are.
_DEPTH = 2
_OBJECTS = 200

#: Pages for each process below which starting it costs more than it saves (0.03 s).
_PAGES_EACH = 40
#: Processes, at most: the gain of more is small, and the app and Ollama want to run too.
_PROCESSES = 4
#: Pages sent at a time.
_BATCH = 16


def read_page(page: PageObject, fonts: Fonts) -> PrintedPage:
    """Return the lines of one page; empty, with its `state`, where it cannot be read.

    `fonts` are those known from other pages of the file.
    """
    with noted() as notes:
        try:
            lines = tuple(lines_of(pieces_of(page, fonts)))
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
    return PrintedPage(lines, picture, notes=tuple(notes))


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
            fonts: Fonts = {}
            for number in range(bounds[1]):
                pages[number] = read_page(reader.pages[number], fonts)
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
    fonts: Fonts = {}
    try:
        for start in range(0, len(numbers) + _BATCH, _BATCH):
            batch = numbers[start : start + _BATCH]
            sending.send([(number, read_page(reader.pages[number], fonts)) for number in batch])
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

"""The pages of a long PDF, read by several processes at once.

pypdf holds the interpreter all the time, so that threads gain nothing. Processes are forked from
the reading process when the file is open: they share what was parsed, inherit its limits, and
share the memory that one may take. They die with their group when the app's patience ends.

Where forking is not to be had (Windows), or does not pay, there is one process, and the same text.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from components.manuscripts.formats.pdf.page_text import read_page
from components.manuscripts.formats.pdf.printed_page import PrintedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from pypdf import PdfReader

#: Pages for each process below which starting it costs more than it saves (0.03 s).
_PAGES_EACH = 40
#: Processes, at most: the gain of more is small, and the app and Ollama want to run too.
_PROCESSES = 4
#: Pages sent at a time.
_BATCH = 16


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

    `on_page` is given each page as it comes, in any order, and may raise to end the reading.
    Raises: MemoryError where a process has too little with its share; OSError where there is no
    room for another process; EOFError where one died.
    """
    context = multiprocessing.get_context("fork")
    bounds = [count * at // processes for at in range(processes + 1)]
    others: list[tuple[Connection, list[PrintedPage], int]] = []
    workers = []
    own: list[PrintedPage] = []
    with _shared_memory(processes):
        try:
            for first, last in pairwise(bounds[1:]):
                receiving, sending = context.Pipe(duplex=False)
                worker = context.Process(
                    target=_serve, args=(reader, first, last, sending), daemon=True
                )
                worker.start()
                workers.append(worker)
                sending.close()
                others.append((receiving, [], last - first))
            for number in range(bounds[1]):
                own.append(read_page(reader.pages[number]))
                on_page(own[-1])
                for one in others:
                    _receive(one, on_page, wait=False)
            while any(len(pages) < wanted for _, pages, wanted in others):
                for other in others:
                    _receive(other, on_page, wait=True)
        finally:
            for worker in workers:
                worker.kill()
                worker.join()
            for receiving, _, _ in others:
                receiving.close()
    return [*own, *(page for _, pages, _ in others for page in pages)]


def _receive(
    one: tuple[Connection, list[PrintedPage], int],
    on_page: Callable[[PrintedPage], None],
    *,
    wait: bool,
) -> None:
    """Take what another process has sent.

    Raises: MemoryError, EOFError.
    """
    receiving, pages, wanted = one
    while len(pages) < wanted and (wait or receiving.poll()):
        batch = receiving.recv()
        if batch is None:
            raise MemoryError
        pages.extend(batch)
        for page in batch:
            on_page(page)
        wait = False


def _serve(reader: PdfReader, first: int, last: int, sending: Connection) -> None:
    """Read the pages from `first` to before `last` and send them; None means no memory."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # the answer is the parent's to give
    batch: list[PrintedPage] = []
    try:
        for number in range(first, last):
            batch.append(read_page(reader.pages[number]))
            if len(batch) == _BATCH or number == last - 1:
                sending.send(batch)
                batch = []
    except MemoryError:
        batch = []
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

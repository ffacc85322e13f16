"""The pages of a long PDF, read by several processes at once.

pypdf holds the interpreter all the time, so that threads gain nothing. Processes are forked when
the file is open: they share what was parsed, inherit its limits and share its memory. Where
forking does not work or does not pay, one process reads the same text.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, pairwise
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from pypdf import PdfReader

from components.manuscripts.formats.pdf.page_text import read_page
from components.manuscripts.formats.pdf.printed_page import PrintedPage

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

    `on_page` is called with each page as it comes, in any order, and may raise to end the reading.
    Raises: MemoryError where a process has too little with its share; OSError where there is no
    room for another process; EOFError where one died.
    """
    context = multiprocessing.get_context("fork")
    bounds = [count * at // processes for at in range(processes + 1)]
    helpers: list[_Helper] = []
    own: list[PrintedPage] = []
    with _shared_memory(processes):
        try:
            for first, last in pairwise(bounds[1:]):
                receiving, sending = context.Pipe(duplex=False)
                process = context.Process(
                    target=_serve, args=(reader, first, last, sending), daemon=True
                )
                process.start()
                helpers.append(_Helper(process, receiving, [], last - first))
                sending.close()
            for number in range(bounds[1]):
                own.append(read_page(reader.pages[number]))
                on_page(own[-1])
                for helper in helpers:
                    helper.receive(on_page, wait=False)
            while any(len(helper.pages) < helper.wanted for helper in helpers):
                for helper in helpers:
                    helper.receive(on_page, wait=True)
        finally:
            for helper in helpers:
                helper.process.kill()
                helper.process.join()
                helper.connection.close()
    return [*own, *chain.from_iterable(helper.pages for helper in helpers)]


class _Helper(NamedTuple):
    """Another process, the pages that it has sent, and how many it is to send."""

    process: BaseProcess
    connection: Connection
    pages: list[PrintedPage]
    wanted: int

    def receive(self, on_page: Callable[[PrintedPage], None], *, wait: bool) -> None:
        """Take what it has sent. Raises: MemoryError, EOFError."""
        while len(self.pages) < self.wanted and (wait or self.connection.poll()):
            batch = self.connection.recv()
            if batch is None:
                raise MemoryError
            self.pages.extend(batch)
            for page in batch:
                on_page(page)
            wait = False


def _serve(reader: PdfReader, first: int, last: int, sending: Connection) -> None:
    """Read the pages from `first` to before `last` and send them; None means no memory."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # the answer is the parent's to give
    try:
        for start in range(first, last, _BATCH):
            end = min(start + _BATCH, last)
            sending.send([read_page(reader.pages[number]) for number in range(start, end)])
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

"""What a page costs: processor time of a rerun, bytes of the first paint and of a click.

Every page in turn, in a session of its own, with a library of manuscripts and one open manuscript
of many chapters, made of the shipped sample's words. Processor time is that of the server's
process, the median of some reruns; bytes are those of the websocket's messages, without what a
browser has already and names by its hash.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.page import PageClient
from bench.watch import listener, processor_seconds
from components.manuscripts import Manuscript, sample
from components.manuscripts.limits import DEFAULT_LIMITS
from components.manuscripts.parse import parse
from components.store import Question, Store
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import MODEL, ScriptedOllama
from tests.scripting import playing

#: Each page by its address; those that open a manuscript are given it.
PAGES = (
    "",
    "manuscript",
    "manuscript?view=glance",
    "compare",
    "chat",
    "library",
    "pictures",
    "models",
    "settings",
)

#: Milliseconds of a processor that a rerun may take.
TARGET = 300

#: Words of each chapter of the open manuscript, and of a paragraph of it.
CHAPTER, PARAGRAPH = 400, 80


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: milliseconds of each rerun, bytes of the first paint and of a rerun."""

    reruns: tuple[float, ...]
    first: int
    click: int

    @property
    def median(self) -> float:
        """Milliseconds of a usual rerun."""
        return statistics.median(self.reruns)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--manuscripts", type=int, default=300)
    parser.add_argument("--chapters", type=int, default=400)
    parser.add_argument("--reruns", type=int, default=5)
    parser.add_argument("--pages", nargs="*", default=PAGES, help="their addresses; '' is Analyse")
    given = parser.parse_args(arguments)
    figures = {}
    with tempfile.TemporaryDirectory(prefix="first-reader-bench-") as folder:
        opened = filled(Path(folder), given.manuscripts, given.chapters)
        with (
            playing(ScriptedOllama()) as server,
            serving(server.url, FIRST_READER_DATA_DIR=folder) as address,
        ):
            connected(address, opened)
            print(f"{'page':>24} {'CPU ms':>8} {'first KB':>9} {'click KB':>9}", flush=True)
            for page in given.pages:
                cost = measured(address, page, opened, given.reruns)
                name = page or "analyse"
                print(
                    f"{name:>24} {cost.median:8.0f} {cost.first / 1000:9.1f} "
                    f"{cost.click / 1000:9.1f}",
                    flush=True,
                )
                figures[name] = {
                    "cpu_ms": round(cost.median),
                    "first_bytes": cost.first,
                    "click_bytes": cost.click,
                }
    sizes = {"manuscripts": given.manuscripts, "chapters": given.chapters}
    over = [name for name, figure in figures.items() if figure["cpu_ms"] > TARGET]
    print(json.dumps({**sizes, "target_ms": TARGET, "over": over, "pages": figures}))


def filled(folder: Path, manuscripts: int, chapters: int) -> str:
    """Fill a store with a library, each manuscript with a stopped analysis; return the open one."""
    with closing(Store(folder / "first-reader.sqlite")) as store:
        shelf = store.shelf()
        for manuscript in library(manuscripts):
            kept = shelf.manuscripts.keep(manuscript)
            analysis = shelf.analyses.begin(
                Question(
                    manuscript_id=kept,
                    title=manuscript.title,
                    scope="the whole manuscript",
                    ranges=((0, len(manuscript.text)),),
                    words=manuscript.words,
                    tokens=4_000,
                    lens="Analysis",
                    prompt="Write.",
                    model=MODEL,
                )
            )
            store.control.stop(analysis.id)
        return shelf.manuscripts.keep(novel(chapters))


def library(count: int) -> Iterator[Manuscript]:
    """Give manuscripts, each the sample under a title of its own."""
    text = sample()[1].decode()
    for number in range(1, count + 1):
        yield read(f"Manuscript {number}\n\n{text}", f"manuscript-{number}.txt")


def novel(chapters: int) -> Manuscript:
    """Return a manuscript of so many chapters, of the words of the sample."""
    words = cycle(sample()[1].decode().split())
    text = []
    for number in range(1, chapters + 1):
        text.append(f"Chapter {number}")
        text += [" ".join(islice(words, PARAGRAPH)) for _ in range(CHAPTER // PARAGRAPH)]
    manuscript = read("\n\n".join(text), "novel.txt")
    assert len(manuscript.chapters) == chapters
    return manuscript


def read(text: str, name: str) -> Manuscript:
    """Read a text of our own, in this process."""
    return parse(text.encode(), name=name, password=None, limits=DEFAULT_LIMITS)


def connected(address: str, opened: str) -> None:
    """Wait until the app knows its Ollama: until the page Analyse offers to analyse."""
    with closing(PageClient(address)) as client:
        while "Analyse" not in client.buttons:
            client.paint("", f"manuscript={opened}")


def measured(address: str, page: str, opened: str, reruns: int) -> Cost:
    """Open a page in a new session, and run it again and again."""
    pid = listener(address)
    page, _, view = page.partition("?")
    query = "&".join(filter(None, (f"manuscript={opened}", view)))
    with closing(PageClient(address)) as client:
        first = client.paint(page, query)
        click, times = client.paint(page), []
        for _ in range(reruns):
            before = processor_seconds(pid)
            click = client.paint(page)
            times.append(1000 * (processor_seconds(pid) - before))
    return Cost(tuple(times), first, click)


if __name__ == "__main__":
    main()

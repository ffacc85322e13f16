"""What the benchmarks of whole books share: a server whose log is read, reports run to an end."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.scene import application, place, using
from components.application import Application, Counter, begin_report
from components.engine import Model
from components.engine.private import Folder, OllamaProcess
from components.engine.private.pins import MODEL
from components.manuscripts import Manuscript, read, sample
from components.reports import Plan, ReadingRequest, Report, open_report, plan, story_chapters
from components.scripting.book import finished
from components.settings import PROJECT, Settings

#: llama.cpp's own words, for each prompt: what it has, and what of that was not in its cache.
_PROMPT = re.compile(r"task (\d+) \| new prompt.*?task\.n_tokens = (\d+)")
_READ = re.compile(r"task (\d+) \| prompt eval time = +[\d.]+ ms / +(\d+) tokens")


@dataclass(frozen=True, slots=True)
class Served:
    """A private Ollama of one's own, with the models that are there, and its log."""

    url: str
    log: Path

    def evaluated(self, since: int = 0) -> tuple[int, int]:
        """Return the tokens that were evaluated, and those found in the cache, after a place."""
        said = self.log.read_bytes()[since:].decode(errors="replace")
        has = {task: int(tokens) for task, tokens in _PROMPT.findall(said)}
        read = {task: int(tokens) for task, tokens in _READ.findall(said)}
        known = has.keys() & read.keys()
        return sum(read[one] for one in known), sum(has[one] - read[one] for one in known)

    def place(self) -> int:
        """Return how long the log is."""
        return self.log.stat().st_size


@contextmanager
def serving() -> Iterator[Served]:
    """Start the private Ollama with a log of its own. Raises: EngineError where none was built."""
    built = Folder(Settings.from_environment().ollama_folder.absolute())
    with tempfile.TemporaryDirectory(prefix="first-reader-bench-") as folder:
        own = Folder(Path(folder))
        own.models.symlink_to(built.models)
        with OllamaProcess(built.binary, own, private=True) as process:
            yield Served(process.url, own.serve_log)


@contextmanager
def reading(url: str, folder: str | None = None) -> Iterator[tuple[Application, Model]]:
    """Run the app's parts on a store of their own, in `folder` if given; give the small model too.

    What was read in that folder before is not read again.
    """
    with ExitStack() as stack:
        if folder is None:
            environ = stack.enter_context(place(None))
        else:
            environ = {"FIRST_READER_DATA_DIR": folder}
        app = stack.enter_context(application(using(environ, [url])))
        yield app, next(one for one in app.models()[0] if one.name == MODEL)


def opened(path: str | None) -> Manuscript:
    """Read a book: the file, else the shortest novel beside the project, else the sample."""
    if path is None:
        novels = sorted((PROJECT.parent / "shared/corpus/the-time-machine/builds").glob("*.epub"))
        if not novels:
            name, data = sample()
            return read(data, name=name)
        path = str(novels[0])
    return read(Path(path).read_bytes(), name=Path(path).name)


def planned(app: Application, manuscript: Manuscript, model: Model, **changes: Any) -> Plan:
    """Plan a report; the plan's order says the rest."""
    asked: dict[str, Any] = {
        "manuscript_id": app.shelf().manuscripts.keep(manuscript),
        "model": model,
        "chapters": story_chapters(manuscript),
    }
    return plan(manuscript, ReadingRequest(**asked | changes), count=Counter(app, model))


def run(app: Application, manuscript: Manuscript, made: Plan, *, say: bool = False) -> Report:
    """Begin a report and wait until nothing of it runs any more."""
    counter = Counter(app, made.order.model)
    shelf = app.shelf()
    series = begin_report(app, shelf, manuscript, made, counter)
    said = time.monotonic()

    def on_step(report: Report) -> None:
        nonlocal said
        if say and time.monotonic() - said > 30:
            said = time.monotonic()
            print(f"  {report.done} of {len(report.steps)}", flush=True)

    return finished(app, open_report(shelf, series), on_step=on_step)


def seconds(report: Report) -> float:
    """Return the seconds from the first call's beginning to the last one's end."""
    own = [one for one in report.steps if not one.is_copied]
    began = min(one.started or 0.0 for one in own)
    return max(one.ended or 0.0 for one in own) - began

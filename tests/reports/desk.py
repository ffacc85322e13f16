"""A book, an app with a scripted model that reads, and reports that it makes.

A conftest that imports `desk`, `read_report` and `scripted` has them for its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.analysis import lens
from components.application import (
    Application,
    Counter,
    begin_report,
    compare_reports,
    plan_alike,
)
from components.engine import Model
from components.manuscripts import Manuscript, read
from components.reports import Plan, ReadingRequest, Report, open_report, plan, story_chapters
from components.settings import Settings
from components.store import Series, StateChanged
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.reading import reader
from tests.scripting import playing

#: Longer than any test takes; only a fault waits so long.
LONG = 60.0


@cache
def book(chapters: int = 5, *, words: int = 600) -> Manuscript:
    """A manuscript of so many chapters, each of other sentences."""
    parts = []
    for number in range(1, chapters + 1):
        sentences = [
            f"On day {number} of the journey Marlow carried the lamp number {one} up the stair."
            for one in range(words // 15)
        ]
        paragraphs = [" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)]
        parts.append(f"Chapter {number}\n\n" + "\n\n".join(paragraphs))
    return read("\n\n".join(parts).encode(), name="book.txt")


@dataclass
class Desk:
    """One who asks for reports."""

    app: Application
    server: ScriptedOllama
    again: Callable[[], Application] = field(repr=False)

    @property
    def model(self) -> Model:
        return self.app.models()[0][0]

    def order(self, manuscript: Manuscript, **changes: Any) -> ReadingRequest:
        kept = self.app.shelf().manuscripts.keep(manuscript)
        asked: dict[str, Any] = {
            "manuscript_id": kept,
            "model": self.model,
            "lenses": (lens(),),
            "chapters": story_chapters(manuscript),
            "num_ctx": 2560,
        }
        return ReadingRequest(**asked | changes)

    def plan(self, manuscript: Manuscript, **changes: Any) -> Plan:
        counter = Counter(self.app, self.model)
        return plan(manuscript, self.order(manuscript, **changes), count=counter)

    def begin(self, manuscript: Manuscript, **changes: Any) -> Report:
        counter = Counter(self.app, self.model)
        planned = plan(manuscript, self.order(manuscript, **changes), count=counter)
        series = begin_report(self.app, self.app.shelf(), manuscript, planned, counter)
        return open_report(self.app.shelf(), series)

    def compared(
        self, manuscript: Manuscript, names: Sequence[str], *, blind: bool = False, **changes: Any
    ) -> tuple[Series, list[Report]]:
        """Have models compared, every report to its end."""
        known = {one.name: one for one in self.app.models()[0]}
        asked = [self.order(manuscript, model=known[name], **changes) for name in names]
        entrants = plan_alike(self.app, manuscript, asked)
        shelf = self.app.shelf()
        comparison = compare_reports(self.app, shelf, manuscript, entrants, blind=blind)
        found = [open_report(shelf, one) for one in shelf.series.reports_of(comparison.id)]
        return comparison, [self.finished(one) for one in found]

    def now(self, report: Report) -> Report:
        shelf = self.app.shelf()
        return open_report(shelf, shelf.series.get(report.id))

    def until(self, report: Report, holds: Callable[[Report], bool]) -> Report:
        """Wait until something holds of the report, which is looked at whenever a state changes."""
        seen: dict[str, int] = {}
        while not holds(now := self.now(report)):
            active = [one for one in now.steps if not one.state.has_ended]
            assert active, [(one.state, one.error) for one in now.steps]
            seen = {one.call_id: seen.get(one.call_id, 0) for one in active}
            self._until_a_state_changes(seen)
        return now

    def _until_a_state_changes(self, seen: dict[str, int]) -> None:
        """Wait for one of these calls; `seen` is how far each one's journal is read."""
        while True:
            news = self.app.store.journal.after_each(seen, timeout=LONG)
            assert news, "nothing happens any more"
            seen |= {call_id: entries[-1].seq for call_id, entries in news.items()}
            if any(isinstance(one.event, StateChanged) for each in news.values() for one in each):
                return

    def finished(self, report: Report) -> Report:
        return self.until(report, lambda now: not now.is_active)


ReadReport = Callable[..., Report]


@pytest.fixture
def scripted() -> ScriptedOllama:
    """The server's script; a test may replace it with a fixture of its own."""
    return reader()


@contextmanager
def opened_desk(scripted: ScriptedOllama, folder: Path, *, database: str = "") -> Iterator[Desk]:
    """Give a desk in front of a scripted server; it stores in `folder`, or in a Postgres."""
    with playing(scripted):
        environ = {
            "FIRST_READER_OLLAMA_HOSTS": scripted.url,
            "FIRST_READER_DATA_DIR": str(folder / "data"),
            "FIRST_READER_DATABASE": database,
        }

        def start() -> Application:
            app = Application(Settings.from_environment(environ), works=bool(database))
            app.start()
            app.wait_connected(LONG)
            return app

        desk = Desk(start(), scripted, start)
        try:
            yield desk
        finally:
            desk.app.close()


@pytest.fixture
def desk(scripted: ScriptedOllama, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(scripted, tmp_path) as desk:
        yield desk


@pytest.fixture(scope="session")
def read_report(tmp_path_factory: pytest.TempPathFactory) -> ReadReport:
    """Give the report on `book(chapters)`, read to its end: once for all tests that ask for it."""

    @cache
    def read_report(chapters: int = 5, /, *, words: int = 600, **changes: Any) -> Report:
        with opened_desk(reader(), tmp_path_factory.mktemp("desk")) as desk:
            return desk.finished(desk.begin(book(chapters, words=words), **changes))

    return read_report

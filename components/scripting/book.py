"""A whole book read: the same plan, steps and receipts as on the page."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.analysis import Lens
from components.application import Application, Counter, begin_report
from components.engine import Text, Thought
from components.errors import SettingsError
from components.evidence import Index
from components.export import as_json
from components.manuscripts import DEFAULT_LIMITS
from components.reports import (
    Depth,
    ReadingRequest,
    Report,
    in_context,
    open_report,
    plan,
    story_chapters,
)
from components.scripting.analyze import (
    checked_options,
    find,
    known_chapters,
    open_file,
    running,
    to_ask,
)
from components.store import CallOutcome

#: The longest wait for new entries of the journals, in seconds.
_WAIT_SECONDS = 1.0

#: Steps whose entries are waited for at once.
_WATCHED = 8


def analyze_book(
    path: str | Path,
    *,
    model: str | None = None,
    lenses: Sequence[str] = ("storyteller",),
    depth: str = "standard",
    chapters: Sequence[int] = (),
    scores: bool = True,
    language: str = "",
    options: Mapping[str, Any] | None = None,
    anew: bool = False,
    on_step: Callable[[Report], None] | None = None,
) -> dict[str, Any]:
    """Read a whole book and return the report with its receipts.

    Without `model` it is the one that was chosen last, or else the largest that fits this computer.
    `chapters` are indexes from 1, by default those of the story; `num_ctx` of the options wins over
    the context that would be chosen. `on_step` is called with the report so far whenever a step has
    ended. Answers to the same question, text, model and options are used again, unless `anew`.
    Steps that fail are in the report, whose `is_complete` says whether every chapter was read
    whole.
    Raises: OSError, ManuscriptError, LensError, SettingsError, EngineError, StoreError;
    ContextExceeded where the context has no room for a passage beside a question.
    """
    if depth not in list(Depth):
        advice = f"There are: {', '.join(Depth)}."
        raise SettingsError("There is no such depth.", advice=advice)
    chosen_lenses, chosen_options = named(lenses), checked_options(options or {})
    manuscript = open_file(path)
    with running() as app:
        found = find(app, model)  # Before anything is stored.
        request = ReadingRequest(
            manuscript_id=app.shelf().manuscripts.keep(manuscript),
            model=found,
            lenses=chosen_lenses,
            chapters=tuple(chapters),
            depth=Depth(depth),
            has_scores=scores,
            language=language,
            options=chosen_options,
            is_anew=anew,
        )
        report = finished(app, begin_reading(app, request), on_step=on_step)
        return as_json(report, Index(report.manuscript))


def begin_reading(app: Application, request: ReadingRequest) -> Report:
    """Plan the reading of a stored manuscript and begin it; return the report as it begins.

    Without chapters those of the story are read. Raises: SettingsError, EngineError, StoreError,
    ContextExceeded.
    """
    shelf = app.shelf()
    manuscript = shelf.manuscripts.get(
        request.manuscript_id
    )  # Its chapters as the editor has them.
    chapters = known_chapters(manuscript, request.chapters or story_chapters(manuscript))
    options = app.suited(request.options, request.model)
    request = replace(request, chapters=chapters, options=options)
    counter = Counter(app, request.model)
    planned = plan(manuscript, in_context(manuscript, request, counter.all), count=counter)
    return open_report(shelf, begin_report(app, shelf, manuscript, planned, counter))


def finished(
    app: Application,
    report: Report,
    *,
    on_step: Callable[[Report], None] | None = None,
    on_wait: Callable[[], None] | None = None,
    on_look: Callable[[Report, Mapping[str, CallOutcome]], None] | None = None,
) -> Report:
    """Wait until nothing of a report runs or may run; return it as it is then.

    `on_step` is called whenever a step has ended; `on_wait` when no Ollama answers any more (it
    goes on as soon as one does); `on_look` once a second or more often, with the outcomes so far of
    the steps that run or are next, by the ids of their calls. Raises: StoreError.
    """
    shelf = app.shelf()
    seen: dict[str, int] = {}
    outcomes: dict[str, CallOutcome] = {}
    was_connected = True
    while report.is_active:
        is_connected = app.is_connected
        if on_wait is not None and was_connected and not is_connected:
            on_wait()
        was_connected = is_connected
        pending = [step.call_id for step in report.steps if not step.state.has_ended][:_WATCHED]
        seen = {call_id: seen.get(call_id, 0) for call_id in pending}
        outcomes = {call_id: outcomes.get(call_id) or CallOutcome() for call_id in pending}
        new = app.store.journal.after_each(seen, timeout=_WAIT_SECONDS)
        for call_id, entries in new.items():
            seen[call_id] = entries[-1].seq
            for entry in entries:
                outcomes[call_id].add(entry)
        events = [entry.event for entries in new.values() for entry in entries]
        # Reading all steps at every batch of text takes time from the model.
        if not events or not all(isinstance(event, Text | Thought) for event in events):
            before, report = report, open_report(shelf, report.series)
            if on_step is not None and _ended(before) != _ended(report):
                on_step(report)
        if on_look is not None and report.is_active:
            on_look(report, outcomes)
    return report


def _ended(report: Report) -> int:
    return sum(step.state.has_ended for step in report.steps)


def named(lenses: Iterable[str]) -> tuple[Lens, ...]:
    """Return the lenses of these names, each once. Raises: LensError, SettingsError."""
    return tuple(to_ask(None, name) for name in dict.fromkeys(lenses))


def chapters_of(text: str) -> tuple[int, ...]:
    """Return the chapters that "1-3,7" names. Raises: SettingsError."""
    chapters: set[int] = set()
    for part in filter(None, map(str.strip, text.split(","))):
        match = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last <= DEFAULT_LIMITS.chapters:
            raise SettingsError(
                "Which chapters are meant cannot be understood.", advice="Write, say, 1-3,7."
            )
        chapters.update(range(first, last + 1))
    return tuple(sorted(chapters))

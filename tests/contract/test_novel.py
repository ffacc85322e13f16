"""A book read to the end by a real Ollama: the small model, a context of 4,096 tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from components.analysis import lenses
from components.application import Application, Counter, begin_report
from components.engine import Model, Options
from components.engine.private.pins import MODEL
from components.evidence import Index, check
from components.manuscripts import Manuscript, read, sample
from components.reports import (
    LENGTHS,
    Depth,
    Read,
    ReadingRequest,
    Report,
    open_report,
    plan,
    story_chapters,
)
from components.scripting.book import finished
from components.settings import PROJECT, Settings
from components.store import State

CONTEXT = 4096

NOVEL = PROJECT.parent / "shared/corpus/the-time-machine/builds"

#: Of the shortest novel: one that fits a call, and one that is cut between its paragraphs.
SAMPLED = (2, 6)


@pytest.fixture(autouse=True)
def _short_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One finding a passage and short summaries: what counts here is what is read."""
    for depth in (Depth.SKIM, Depth.STANDARD):
        short = replace(LENGTHS[depth], findings=120, report=120)
        monkeypatch.setitem(LENGTHS, depth, short)


@pytest.fixture
def app(ollama_url: str, tmp_path: Path) -> Iterator[Application]:
    names = [one["name"] for one in httpx.get(f"{ollama_url}/api/tags").json()["models"]]
    if MODEL not in names:
        pytest.skip(f"this Ollama has no {MODEL}")
    environ = {
        "FIRST_READER_OLLAMA_HOSTS": ollama_url,
        "FIRST_READER_DATA_DIR": str(tmp_path / "data"),
    }
    app = Application(Settings.from_environment(environ))
    app.start()
    app.wait_connected(60)
    yield app
    app.close()


def model_of(app: Application) -> Model:
    return next(one for one in app.models()[0] if one.name == MODEL)


def read_whole(app: Application, manuscript: Manuscript, **changes: object) -> Report:
    model = model_of(app)
    counter = Counter(app, model)
    order = ReadingRequest(
        manuscript_id=app.shelf().manuscripts.keep(manuscript),
        model=model,
        lenses=lenses()[:1],
        chapters=story_chapters(manuscript),
        num_ctx=CONTEXT,
        options=Options(temperature=0.0, seed=1),
    )
    order = replace(order, **changes)  # type: ignore[arg-type]
    planned = plan(manuscript, order, count=counter)
    assert counter.is_exact
    series = begin_report(app, app.shelf(), manuscript, planned, counter)
    return finished(app, open_report(app.shelf(), series))


def check_receipts(report: Report, chapters: int) -> None:
    complete = [one for one in report.receipts if one.is_complete]
    assert len(complete) == chapters, [one.problem for one in report.short]
    assert report.is_complete
    for one in complete:
        assert one.received > one.tokens > 0
    for step in report.steps:
        figures = step.statistics
        if step.question.ranges and figures is not None:
            # Nothing was cut: the server read the text, the question and what stands around them.
            assert (figures.prompt_eval_count or 0) > step.question.tokens
            used = (figures.prompt_eval_count or 0) + (figures.eval_count or 0)
            assert used <= CONTEXT


def test_the_sample_is_read_whole(app: Application) -> None:
    name, data = sample()
    report = read_whole(app, read(data, name=name), depth=Depth.SKIM)
    check_receipts(report, 1)
    assert len(report.setting.passages) > 1


def test_a_short_text_is_scored(app: Application) -> None:
    name, data = sample()
    short = " ".join(data.decode().split(" ")[:400])
    manuscript = read(short.encode(), name=name)
    report = read_whole(app, manuscript)
    check_receipts(report, 1)
    assert len(report.findings) == len(report.setting.passages) == 1
    (one,) = report.scores
    # A small model may fail at it, and then says so; what counts keeps to its form.
    assert (one.scores is not None) == (one.step.state is State.DONE)
    if one.scores is not None:
        assert 0 <= one.scores.tension <= 10
        assert -5 <= one.scores.valence <= 5
    evidence = check(report.final(report.lenses[0]).answer, Index(manuscript))
    assert evidence.found <= len(evidence.quotations)


@pytest.mark.shared
def test_chapters_of_a_novel_are_read_whole_and_the_rest_is_said_to_be_left_out(
    app: Application,
) -> None:
    found = sorted(NOVEL.glob("*.epub"))
    if not found:
        pytest.skip("the novels stand beside the developers' checkouts only")
    manuscript = read(found[0].read_bytes(), name=found[0].name)
    report = read_whole(app, manuscript, chapters=SAMPLED, depth=Depth.SKIM)
    check_receipts(report, len(SAMPLED))
    left_out = [one for one in report.receipts if one.state is Read.LEFT_OUT]
    assert len(left_out) == len(manuscript.chapters) - len(SAMPLED)

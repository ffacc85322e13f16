"""Words and tokens are the same wherever they are shown: on each page and in each file."""

from __future__ import annotations

import csv
import io
import re
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import lens, sections
from components.application import Counter, application, begin_report
from components.evidence import Index
from components.export import as_json, report_markdown, report_sections
from components.manuscripts import Manuscript, read
from components.measures import as_csv, glance
from components.reports import Read, ReadingRequest, Report, open_report, plan, story_chapters
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import html, pressed, run, started
from tests.reports.reading import reader

CONTEXT = 2560


@cache
def novel() -> Manuscript:
    """Front matter, and three chapters whose headings have words of their own."""
    front = " ".join(f"The publisher thanks helper number {number}." for number in range(30))
    parts = ["The Lamp", front]
    for number in range(1, 4):
        lines = [
            f"On day {number} of the journey Marlow carried the lamp number {one} up the stair."
            for one in range(20 + number)
        ]
        parts.append(f"Chapter {number}: The Stair and the Lamp\n\n" + " ".join(lines))
    return read("\n\n".join(parts).encode(), name="lamp.txt")


@pytest.fixture
def scripted() -> ScriptedOllama:
    return reader()


@pytest.fixture
def kept(ollama: ScriptedOllama) -> str:
    application().wait_connected(10)
    return application().shelf().manuscripts.keep(novel())


def opened(page: str, **query: str) -> AppTest:
    app = started()
    app.switch_page(f"pages/{page}.py")
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def said(app: AppTest) -> str:
    """The text of a page, its tags taken out."""
    texts = [html(app), *(one.value for one in (*app.markdown, *app.caption))]
    texts += [link.proto.label for link in app.get("page_link")]
    return re.sub(r"(\s*<[^>]*>\s*)+", " ", "\n".join(texts)).replace("\\", "")


def figures(text: str, unit: str = "words") -> set[int]:
    return {int(found.replace(",", "")) for found in re.findall(rf"([\d,]+) {unit}", text)}


def reported(kept: str) -> Report:
    """A report on the story, watched to its end on its page."""
    running = application()
    shelf, model = running.shelf(), running.models()[0][0]
    manuscript, counter = shelf.manuscripts.get(kept), Counter(running, model)
    request = ReadingRequest(
        kept, model, (lens(),), story_chapters(manuscript), num_ctx=CONTEXT, has_scores=False
    )
    planned = plan(manuscript, request, count=counter)
    series = begin_report(running, shelf, manuscript, planned, counter)
    opened("analyse", report=series.id)
    return open_report(shelf, series)


def test_the_words_of_the_book(kept: str) -> None:
    words = novel().words
    for page in ("analyse", "manuscript", "compare", "ask"):
        app = opened(page, manuscript=kept)
        bar = next(one.proto.body for one in app.get("html") if "about" in one.proto.body)
        assert figures(bar) == {words}, page
    assert figures(said(opened("library"))) == {words}
    shown = said(opened("manuscript", manuscript=kept, view="glance"))
    measured = glance(novel()).book.words
    assert measured < words
    assert f"{measured:,} of {words:,} words: headings, front and back matter" in shown
    report = reported(kept)
    assert figures(report_markdown(report_sections(report, Index(novel())))) >= {words}
    assert as_json(report, Index(novel()))["manuscript"]["words"] == words


def test_the_words_of_each_chapter(kept: str) -> None:
    expected = {chapter.name: chapter.words for chapter in novel().chapters}
    assert [chapter.kind for chapter in novel().chapters] == ["front", *["chapter"] * 3]
    story = dict(list(expected.items())[1:])
    measured = glance(novel())
    rows = list(csv.DictReader(io.StringIO(as_csv(measured))))
    assert [int(row["words"]) for row in rows[:-1]] == list(story.values())
    assert int(rows[-1]["words"]) == sum(story.values())
    parts = sections(novel(), room=10**6, count=len)
    assert {part.label: part.words for part in parts} == expected
    listed = said(opened("analyse", manuscript=kept))
    for chapter in novel().chapters:
        assert f"{chapter.name} {chapter.words:,} words" in listed
        shown = opened("manuscript", manuscript=kept, at=str(chapter.start))
        lines = [re.sub("<[^>]*>", "", one.proto.body) for one in shown.get("html")]
        assert f"{chapter.words:,} words" in lines
    report = reported(kept)
    assert {one.name: one.words for one in report.receipts} == expected
    for chapter in novel().chapters[1:]:
        shown = said(opened("analyse", report=report.id, chapter=str(chapter.index)))
        assert figures(shown) >= set(story.values())
        assert f"{chapter.words:,} words, " in shown
    held = as_json(report, Index(novel()))["manuscript"]["chapters"]
    assert {one["name"]: one["words"] for one in held} == expected
    markdown = report_markdown(report_sections(report, Index(novel())))
    for name, words in expected.items():
        assert re.search(rf"\| {name} \| [^|]+ \| {words:,} \|", markdown)


def test_the_words_of_a_question(kept: str) -> None:
    chapter = novel().chapters[1]
    assert novel().words_in([(chapter.start, chapter.end)]) == chapter.words
    middle = novel().text.index(" ", (chapter.start + chapter.end) // 2)
    halves = [(chapter.start, middle), (middle, chapter.end)]
    assert sum(novel().words_in([half]) for half in halves) == chapter.words
    assert novel().words_in([(0, len(novel().text))]) == novel().words
    app = opened("analyse", manuscript=kept)
    app.selectbox(key="analyse-extent").set_value("only")
    run(app)
    app.multiselect(key="analyse-chapters-to-read").set_value([chapter.index])
    run(app)
    app.segmented_control(key="analyse-way").set_value("At once")
    run(app)
    pressed(app, "Analyse")
    asked = application().shelf().analyses.all()[0].question
    assert asked.words == chapter.words


def test_the_tokens_of_a_report(kept: str) -> None:
    app = opened("analyse", manuscript=kept)
    app.number_input(key="main-num_ctx").set_value(CONTEXT)
    app.segmented_control(key="analyse-way").set_value("Chapter by chapter")
    run(app)
    planned = re.search(r"takes ([\d,]+) tokens", said(app))
    assert planned is not None
    report = reported(kept)
    chosen = [one for one in report.receipts if one.state is not Read.LEFT_OUT]
    assert sum(one.tokens for one in chosen) == int(planned[1].replace(",", ""))
    table = next(
        one.proto.body
        for one in opened("analyse", report=report.id).get("html")
        if 'aria-label="Receipt"' in one.proto.body
    )
    markdown = report_markdown(report_sections(report, Index(novel())))
    held = {one["name"]: one for one in as_json(report, Index(novel()))["receipts"]}
    for one in chosen:
        assert f"<td>{one.name}</td><td>{one.words:,}</td><td>{one.tokens:,}</td>" in table
        assert re.search(rf"\| {one.name} \| [^|]+ \| {one.words:,} \| {one.tokens:,} \|", markdown)
        assert (held[one.name]["words"], held[one.name]["tokens"]) == (one.words, one.tokens)

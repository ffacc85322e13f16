"""The whole book's page: its form and plan, a report to its end, stopped, broken off, opened."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import lens
from components.application import Counter, application, begin_report
from components.engine import Text
from components.evidence import Index
from components.export import as_json, report_sections
from components.export.stages import step_name
from components.manuscripts import read
from components.reports import (
    Depth,
    Read,
    ReadingRequest,
    Report,
    compare_models,
    open_report,
    plan,
    story_chapters,
)
from components.store import Kind, State
from tests import waiting
from tests.doubles.scripted_ollama import Done as End
from tests.doubles.scripted_ollama import Refuse, Say, ScriptedOllama, Step, Wait
from tests.pages.actions import started, until
from tests.reports import earlier
from tests.reports.desk import Desk, book, opened_desk
from tests.reports.reading import INVENTED, asks_about, reader, reads

#: A context in which the findings on five chapters do not fit one summary.
SMALL = 2560


@pytest.fixture
def scripted() -> ScriptedOllama:
    return reader()


@pytest.fixture
def kept(ollama: ScriptedOllama) -> str:
    """The address of a manuscript of five chapters."""
    application().wait_connected(10)
    return application().shelf().manuscripts.keep(book())


@pytest.fixture
def page(kept: str) -> AppTest:
    """The page with the manuscript open, in a small context."""
    app = started()
    app.switch_page("pages/analyse.py")
    app.query_params["manuscript"] = kept
    run(app)
    app.number_input(key="main-num_ctx").set_value(SMALL)
    return run(app)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a report on the whole book, and its address."""
    folder = tmp_path_factory.mktemp("ended")
    with opened_desk(reader(), folder) as desk:
        return folder / "data", desk.finished(desk.begin(book())).id


@pytest.fixture
def read_before(
    ollama: ScriptedOllama,
    ended: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The page with a report that was read to its end when the app ran before."""
    folder, report_id = ended
    monkeypatch.setenv("FIRST_READER_DATA_DIR", str(shutil.copytree(folder, tmp_path / "data")))
    application().wait_connected(10)
    return opened(report_id)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def seen(app: AppTest) -> str:
    """All that the browser is told of the page."""
    bodies = [one.proto.body for one in app.get("html")]
    said = [one.value for one in (*app.markdown, *app.error, *app.warning, *app.info, *app.caption)]
    return "\n".join([*bodies, *said]).replace("\\", "")


def planned(app: AppTest) -> list[int]:
    """The figures of the plan: chapters, passages, steps."""
    found = re.search(r"Reads (\d+) chapters? in (\d+) steps", seen(app))
    passages = re.search(r"read in (\d+) passages?", seen(app))
    assert found is not None
    assert passages is not None
    return [int(found[1]), int(passages[1]), int(found[2])]


def read_whole(page: AppTest) -> AppTest:
    page.button(key="analyse").click()
    return run(page)


def report() -> Report:
    shelf = application().shelf()
    return open_report(shelf, shelf.series.all(Kind.REPORT)[0])


def answers(ollama: ScriptedOllama) -> list[dict[str, Any]]:
    """Return the requests for an answer; one that only counts asks for one token."""
    chats = [body for path, body in ollama.requests if path == "/api/chat"]
    return [body for body in chats if body["options"].get("num_predict") != 1 and body["messages"]]


def begun(manuscript_id: str, **changes: Any) -> Report:
    """Begin a report as the page does; the page's own run would watch it to its end."""
    running = application()
    shelf = running.shelf()
    manuscript = shelf.manuscripts.get(manuscript_id)
    model = running.models()[0][0]
    counter = Counter(running, model)
    order = ReadingRequest(
        manuscript_id, model, (lens(),), story_chapters(manuscript), num_ctx=SMALL, **changes
    )
    planned = plan(manuscript, order, count=counter)
    return open_report(shelf, begin_report(running, shelf, manuscript, planned, counter))


def opened(report_id: str, **more: str) -> AppTest:
    """The page of another browser that opens an address."""
    app = started()
    app.switch_page("pages/analyse.py")
    app.query_params["report"] = report_id
    for name, value in more.items():
        app.query_params[name] = value
    return run(app)


class TestForm:
    def test_it_says_what_the_reading_takes(self, page: AppTest) -> None:
        said = seen(page)
        assert planned(page) == [5, 5, 13]
        assert f"{SMALL:,}" in said
        taken = re.search(r"takes ([\d,]+) tokens", said)
        assert taken is not None
        assert int(taken[1].replace(",", "")) == 3_010  # The scripted server counts words.
        assert "5 of 5 chapters" in said

    def test_the_plan_follows_the_form(self, page: AppTest) -> None:
        page.segmented_control(key="analyse-depth").set_value(Depth.SKIM)
        run(page)
        assert planned(page) == [5, 5, 6]
        page.segmented_control(key="analyse-depth").set_value(Depth.STANDARD)
        page.multiselect(key="analyse-lenses").set_value(["storyteller", "structure"])
        run(page)
        page.toggle(key="analyse-scores").set_value(False)
        run(page)
        assert planned(page) == [5, 5, 16]

    def test_beside_a_report_it_is_an_estimate_and_the_server_is_asked_nothing(
        self, page: AppTest, kept: str, ollama: ScriptedOllama
    ) -> None:
        ollama.reads = lambda body: (Wait(), *reads(body))
        first = begun(kept).steps[0]
        until(application().shelf().analyses.get(first.analysis_id), State.READING)
        waiting.until(lambda: bool(answers(ollama)))  # It is about to be asked, and then it is.
        before = [path for path, _ in ollama.requests].count("/api/chat")
        other = lens("structure")
        page.multiselect(key="analyse-lenses").set_value(
            [other.name]
        )  # Nobody counted its question.
        run(page)
        assert "(estimated)" in seen(page)
        assert not button(page, "Analyse").disabled
        assert [path for path, _ in ollama.requests].count("/api/chat") == before

    def test_each_chapter_is_read_for_itself_in_a_context_that_holds_the_book(
        self, page: AppTest
    ) -> None:
        page.number_input(key="main-num_ctx").set_value(8192)
        run(page)
        page.segmented_control(key="analyse-way").set_value("Chapter by chapter")
        run(page)
        assert planned(page) == [5, 5, 11]

    def test_chapters_are_left_out_by_name(self, page: AppTest) -> None:
        page.selectbox(key="analyse-extent").set_value("but")
        run(page)
        page.multiselect(key="analyse-chapters-to-leave-out").set_value([2])
        run(page)
        assert "4 of 5 chapters" in seen(page)
        assert seen(page).count('<li class="fr-out"') == 1
        assert planned(page) == [4, 4, 9]
        page.selectbox(key="analyse-extent").set_value("only")
        run(page)
        assert page.button(key="analyse").disabled
        assert len(page.warning) == 1

    def test_what_was_chosen_stays_while_another_page_is_shown(self, page: AppTest) -> None:
        page.segmented_control(key="analyse-depth").set_value(Depth.THOROUGH)
        run(page)
        page.switch_page("pages/library.py").run()
        page.query_params.clear()
        run(page.switch_page("pages/analyse.py"))
        assert page.segmented_control(key="analyse-depth").value is Depth.THOROUGH

    def test_a_context_without_room_is_said_with_its_advice(self, page: AppTest) -> None:
        page.number_input(key="main-num_ctx").set_value(1024)
        run(page)
        assert "larger context" in page.error[0].value
        assert page.button(key="analyse").disabled

    def test_without_a_lens_nothing_is_read(self, page: AppTest) -> None:
        page.multiselect(key="analyse-lenses").set_value([])
        run(page)
        assert len(page.warning) == 1
        assert page.button(key="analyse").disabled

    def test_options_that_do_not_hold_are_named(self, page: AppTest) -> None:
        page.number_input(key="main-num_predict").set_value(500)
        run(page)
        assert "the longest answer" in seen(page)

    def test_what_was_answered_before_is_counted(self, page: AppTest) -> None:
        read_whole(page)
        button(page, "New analysis").click()
        run(page)
        page.number_input(key="main-num_ctx").set_value(SMALL)
        run(page)
        assert "answered before" in seen(page)
        assert "about" not in seen(page).partition("fr-plan")[2].partition("</div>")[0]
        page.toggle(key="analyse-anew").set_value(True)
        run(page)
        assert "answered before" not in seen(page)
        assert re.search(r"about \d+ (s|min) at", seen(page))


def test_a_report_is_read_to_its_end(page: AppTest) -> None:
    read_whole(page)
    said = seen(page)
    assert page.query_params["report"] in (report().id, [report().id])
    assert report().is_complete
    assert "verified" in said
    assert "13 of 13 done" in said
    assert "15 of 16 found in the manuscript (94%), in 11 answers." in said
    assert f'class="fr-missing" title="not found in the manuscript">{INVENTED}' in said
    assert 'class="fr-found-words" href="./manuscript?' in said
    assert said.count("<td>2 of 2</td>") == 5
    assert "Stop" not in labels(page)
    assert "Resume" not in labels(page)


def test_its_quotations_are_counted_alike_everywhere(read_before: AppTest) -> None:
    said = seen(read_before)
    found = re.search(r"([0-9]+) of ([0-9]+) found in the manuscript", said)
    assert found is not None
    counted = (int(found[1]), int(found[2]))
    index = Index(report().manuscript)
    file = dict(report_sections(report(), index).facts.rows)
    assert file["Quotations found"] == "{} of {}".format(*counted)
    listed = as_json(report(), index)["quotations"]
    assert (listed["found"], listed["total"]) == counted
    (column,) = compare_models([report()], index).checked
    assert (column.found, column.quotations) == counted


def test_the_words_of_findings_are_not_counted_for_a_model(page: AppTest) -> None:
    """Code takes them from the manuscript: left are the sentences behind scores, and a summary."""
    read_whole(page)
    models = started()
    run(models.switch_page("pages/models.py"))
    assert "Quotations: 5 of 6 found in the manuscript" in seen(models)


class TestEvidence:
    """The sentence behind scores begins with words of the book and goes on with others."""

    SAID = "“Yes, of course,” he answered and stabbed his brother."

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        def invents(body: dict[str, Any]) -> Sequence[Step]:
            said = reads(body)
            answer = "".join(one.text for one in said if isinstance(one, Say))
            if '"evidence"' not in answer:
                return said
            return (Say(json.dumps(json.loads(answer) | {"evidence": self.SAID})), said[-1])

        server = reader()
        server.reads = invents
        return server

    @pytest.fixture
    def kept(self, ollama: ScriptedOllama) -> str:
        application().wait_connected(10)
        spoken = "Chapter 3\n\n“Yes, of course,” said Anna.\n\n"
        text = book().text.replace("Chapter 3\n\n", spoken)
        assert spoken in text
        return application().shelf().manuscripts.keep(read(text.encode(), name="book.txt"))

    def test_an_invention_is_no_link(self, page: AppTest) -> None:
        read_whole(page)
        said = seen(opened(report().id, chapter="3"))
        scored = said[said.index('class="fr-scored"') :]
        evidence = scored[scored.index("<blockquote>") :].split("</div>")[0]
        assert "he answered and stabbed his brother" in evidence
        assert "not found in the manuscript" in evidence
        assert "href" not in evidence


@pytest.mark.usefixtures("read_before")
def test_a_chapter_is_opened_by_its_address() -> None:
    app = opened(report().id, chapter="3")
    assert app.header[0].value == "Chapter 3"
    said = seen(app)
    assert "On day 3 of the journey" in said
    assert "On day 2 of the journey" not in said
    assert said.count('class="fr-note-head"') == 2  # findings, scores
    app.button(key="book-later").click()
    run(app)
    assert app.query_params["chapter"] in ("4", ["4"])
    assert "On day 4 of the journey" in seen(app)


def test_the_lenses_are_shown_one_at_a_time(page: AppTest) -> None:
    page.multiselect(key="analyse-lenses").set_value(["storyteller", "structure"])
    run(page)
    read_whole(page)
    view = f"book-view-{report().id}"
    first, second = report().lenses
    assert page.segmented_control(key=view).value == first
    page.segmented_control(key=view).set_value(second)
    run(page)
    assert page.query_params["lens"] in (second, [second])
    page.segmented_control(key=view).set_value("Chapter by chapter")
    run(page)
    assert page.header[0].value == "Chapter 1"
    assert "lens" not in page.query_params


class TestEarlier:
    """A report that the version before has made."""

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(reads=earlier.answers)

    @pytest.fixture(params=[False, True], ids=["in parts", "at once"])
    def made(self, request: pytest.FixtureRequest, ollama: ScriptedOllama) -> Report:
        application().wait_connected(10)
        begun = earlier.begun_earlier(application(), book(3), at_once=request.param)
        return Desk(application(), ollama, application).finished(begun)

    def test_it_is_read_as_it_was(self, made: Report) -> None:
        said = seen(opened(made.id))
        assert "verified" in said
        assert 'class="fr-found-words" href="./manuscript?' in said
        assert "findings" not in said.partition('class="fr-analysis"')[2].partition("</div>")[0]
        chapter = opened(made.id, chapter="2")
        told = seen(chapter)
        parts = 1 if made.setting.is_whole else 3  # scores; notes and the story so far
        assert told.count('class="fr-note-head"') == parts
        assert ("On day 2 of the journey" in told) is not made.setting.is_whole


def test_an_address_of_another_kind_is_explained(page: AppTest) -> None:
    running = application()
    other = running.shelf().series.begin(Kind.CHAT, name="A chat")
    app = opened(other.id)
    assert any("nothing under this address" in one.value for one in app.warning)


@pytest.mark.usefixtures("read_before")
def test_chapters_changed_since_are_said() -> None:
    outlines, kept = application().shelf().outlines, report().series.manuscript_id
    before = outlines.open(kept)
    fewer = replace(before.manuscript, chapters=before.manuscript.chapters[:3])
    outlines.change(kept, fewer, done="removed two", since=before.number)
    app = opened(report().id, chapter="5")
    said = seen(app)
    assert len(app.info) == 1
    assert "On day 5 of the journey" in said
    assert report().is_complete


class TestStopped:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        def until_the_third(body: dict[str, Any]) -> Sequence[Step]:
            if asks_about(body, 3):
                return (Say("Half "), Wait())
            return reads(body)

        server = reader()
        server.reads = until_the_third
        return server

    @pytest.fixture
    def stopped(self, kept: str) -> Report:
        running, shelf = application(), application().shelf()
        before = begun(kept)
        third = next(one for one in before.steps if "Chapter 3" in one.question.scope)
        until(shelf.analyses.get(third.analysis_id), State.WRITING)
        assert open_report(shelf, before.series).is_active
        running.jobs.stop(shelf, before.id)
        until(shelf.analyses.get(third.analysis_id), State.STOPPED)
        return before

    def test_what_is_missing_is_said(self, stopped: Report) -> None:
        said = seen(opened(stopped.id))
        assert "Read: Chapter 1, Chapter 2. Not read whole: Chapter 3 (stopped)" in said
        assert "Chapter 3 (stopped)" in said
        assert not stopped.is_complete

    def test_it_goes_on_to_the_end(self, stopped: Report, ollama: ScriptedOllama) -> None:
        app = opened(stopped.id)
        done = report().done
        assert done >= 4
        asked = len(ollama.requests)
        ollama.reads = reads
        button(app, "Resume").click()
        run(app)
        assert report().is_complete
        again = [body for path, body in ollama.requests[asked:] if path == "/api/chat"]
        assert not [one for one in again if one["messages"] and asks_about(one, 1)]

    def test_one_chapter_is_run_again_beside_its_name(
        self, stopped: Report, ollama: ScriptedOllama
    ) -> None:
        app = opened(stopped.id)
        ollama.reads = reads
        app.button(key="chapter-again-3").click()
        run(app)
        states = [one.state for one in report().receipts]
        assert states[2] is Read.COMPLETE
        assert states[4] is Read.STOPPED
        assert "Resume" in labels(app)


class TestUnfinished:
    """A report that is stopped while it writes its second finding, or sentence."""

    @pytest.fixture(autouse=True)
    def _begins(self, ollama: ScriptedOllama) -> None:
        ollama.reads = self.begins

    sums_up = False

    def begins(self, body: dict[str, Any]) -> Sequence[Step]:
        is_summary = "'sentences'" in str(body.get("format"))
        if not (is_summary if self.sums_up else asks_about(body, 3, findings=True)):
            return reads(body)
        answer = "".join(one.text for one in reads(body) if isinstance(one, Say))
        return (Say(answer[: answer.index("}") + 1]), Say(', {"'), Wait())

    def stopped(self, kept: str, named: str, **changes: Any) -> Report:
        running, shelf = application(), application().shelf()
        before = begun(kept, **changes)
        step = next(one for one in before.steps if step_name(one) == named)
        text, seq = "", 0
        while not text.endswith(', {"'):
            entries = running.store.journal.after(step.call_id, seq, timeout=30)
            assert entries
            seq = entries[-1].seq
            text += "".join(one.event.text for one in entries if isinstance(one.event, Text))
        running.jobs.stop(shelf, before.id)
        until(shelf.analyses.get(step.analysis_id), State.STOPPED)
        return before

    def test_findings_are_shown_as_far_as_they_are_whole(self, kept: str) -> None:
        name = "Chapter 3, findings for Storyteller's analysis"
        app = opened(self.stopped(kept, name).id, chapter="3")
        assert [one.value for one in app.header][:2] == ["Unfinished", "Chapter 3"]
        said = seen(app)
        assert said.count("On day 3 of the journey") == 1
        assert said.index(escape(name)) < said.index("On day 3 of the journey")
        assert "What was written of it stands above, under “Unfinished”." in said
        assert '"statement"' not in said
        assert 'aria-label="Statistics"' in said
        assert "Tokens received" in said
        assert 'aria-label="Totals"' in said

    def test_a_summary_is_shown_as_far_as_its_sentences_are_whole(self, kept: str) -> None:
        name, self.sums_up = "Report of Storyteller's analysis", True
        app = opened(self.stopped(kept, name, depth=Depth.SKIM).id)
        said = seen(app)
        assert said.count("The text shows this: Event: On day 1 of the journey") == 1
        assert app.header[0].value == "Unfinished"
        assert "The summary is not finished." in said
        assert "Read: Chapter 1 to Chapter 5. Written: findings of Storyteller's" in said
        assert "Missing: the summary of Storyteller's analysis." in said
        assert "5 findings" in said

    def test_it_goes_on_and_nothing_is_unfinished(self, kept: str, ollama: ScriptedOllama) -> None:
        name, self.sums_up = "Report of Storyteller's analysis", True
        app = opened(self.stopped(kept, name, depth=Depth.SKIM).id)
        ollama.reads = reads
        button(app, "Resume").click()
        run(app)
        assert report().is_complete
        assert "Unfinished" not in [one.value for one in app.header]


class TestBrokenOff:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        def broken(body: dict[str, Any]) -> Sequence[Step]:
            if asks_about(body, 2, findings=True):
                return (Refuse(400, {"error": "this model cannot"}),)
            return reads(body)

        server = reader()
        server.reads = broken
        return server

    def test_the_step_is_named_with_its_error_and_run_again(
        self, page: AppTest, ollama: ScriptedOllama
    ) -> None:
        read_whole(page)
        said = seen(page)
        assert "Chapter 2, findings for Storyteller" in said
        assert "this model cannot" in page.error[0].value
        assert "Chapter 2 (failed)" in said
        assert [one.state for one in report().receipts].count(Read.COMPLETE) == 4
        ollama.reads = reads
        failed = report().stuck[0]
        page.button(key=f"again-{failed.position}").click()
        run(page)
        assert report().is_complete


class TestShort:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        def short(body: dict[str, Any]) -> Sequence[Step]:
            if not asks_about(body, 2):
                return reads(body)
            *said, _ = reads(body)
            return (*said, End(figures={"prompt_eval_count": 90}))

        server = reader()
        server.reads = short
        return server

    def test_the_chapter_is_run_again_beside_its_name(
        self, page: AppTest, ollama: ScriptedOllama
    ) -> None:
        read_whole(page)
        assert "Chapter 2 (short)" in seen(page)
        assert "90 tokens" in seen(page)
        ollama.reads = reads
        page.button(key="chapter-again-2").click()
        run(page)
        assert report().is_complete
        assert report().receipts[1].retries == 2


class TestElsewhere:
    @pytest.mark.usefixtures("read_before")
    def test_the_library_lists_it_renames_and_deletes_it(self) -> None:
        of = report().id
        app = started()
        run(app.switch_page("pages/library.py"))
        assert "13 of 13 calls done" in seen(app)
        app.button(key=f"manage-{of}").click()
        run(app)
        app.text_input(key=f"name-{of}").set_value("The lamp, first reading")
        button(app, "Rename").click()
        run(app)
        assert report().series.name == "The lamp, first reading"
        app.button(key=f"manage-{of}").click()
        run(app)
        button(app, "Delete the report").click()
        run(app)
        assert not application().shelf().series.all(Kind.REPORT)
        button(app, "Restore").click()
        run(app)
        assert report().id == of

    def test_earlier_readings_open_again(self, read_before: AppTest) -> None:
        page, first = read_before, report().id
        button(page, "New analysis").click()
        run(page)
        page.button(key=f"earlier-{first}").click()
        run(page)
        assert page.query_params["report"] in (first, [first])

    def test_a_new_analysis_asks_the_same_until_it_is_changed(
        self, kept: str, ollama: ScriptedOllama
    ) -> None:
        changes = {"depth": Depth.SKIM, "language": "French", "has_scores": False}
        asked = Desk(application(), ollama, application).finished(begun(kept, **changes))
        page = opened(asked.id)
        button(page, "New analysis").click()
        run(page)
        assert page.multiselect(key="analyse-lenses").value == ["storyteller"]
        assert page.segmented_control(key="analyse-depth").value is Depth.SKIM
        assert page.selectbox(key="analyse-language").value == "French"
        assert planned(page) == [5, 5, 6]

    def test_what_does_not_fit_is_read_chapter_by_chapter(self, kept: str) -> None:
        shelf = application().shelf()
        long = shelf.manuscripts.keep(book(20))
        app = started()
        app.query_params["manuscript"] = kept
        assert "analyse-way" in {one.key for one in run(app).segmented_control}
        app.query_params["manuscript"] = long
        run(app)
        assert "analyse-way" not in {one.key for one in app.segmented_control}
        assert planned(app)[:2] == [20, 20]
        assert not app.warning
        assert not app.button(key="analyse").disabled

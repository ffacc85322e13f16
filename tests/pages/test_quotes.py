"""Quotations on the page: a link where there is a passage, plain words where there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.engine import Options
from components.evidence import Index
from components.export.evidence_labels import QUOTES_NOTHING
from components.markdown import Headings
from components.store import State
from components.ui.answer.quote_marks import QuoteMarks, quote_summary
from tests import unsupported
from tests.doubles.scripted_ollama import Break, Done, Say, ScriptedOllama
from tests.pages.actions import analysed, html, latest, question, until, with_sample

TRUE = "You must follow me carefully. I shall have to controvert one or two ideas"
ALTERED = "You must not follow me carefully. I shall have to controvert one or two ideas"

ANSWER = [
    f"## Opening\n\nIt begins: “{TRUE}”, he says",
    f" to Margaret.\n\nAnd then “{ALTERED[:30]}",
    f"{ALTERED[30:]}” follows, a “hero’s journey”.\n\n> {TRUE}\n",
]


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama([*map(Say, ANSWER), Done()])


def figures(app: AppTest) -> list[int]:
    """The numbers in the first line below an answer."""
    line = re.search(r'class="fr-checked"[^>]*><p>([^<]*)</p>', html(app))
    return [int(number) for number in re.findall(r"\d+", line[1])] if line else []


def test_each_quotation_is_marked(app: AppTest) -> None:
    analysed(with_sample(app))
    page = html(app)
    links = re.findall(r'<a class="fr-found-words" href="([^"]*)"[^>]*>([^<]*)</a>', page)
    assert [text for _, text in links] == [TRUE, TRUE]
    match = re.fullmatch(
        r"\./manuscript\?manuscript=([\w-]+)&at=(\d+)-(\d+)", unescape(links[0][0])
    )
    assert match is not None
    manuscript = application().shelf().manuscripts.get(match[1])
    assert manuscript.text[int(match[2]) : int(match[3])] == TRUE
    missing = re.findall(r'<span class="fr-missing"[^>]*>([^<]*)<', page)
    assert missing == [ALTERED]
    assert re.findall(r'<span class="fr-unknown"[^>]*>([^<]*)<', page) == ["Margaret"]


def test_what_was_checked_is_said_below(app: AppTest) -> None:
    analysed(with_sample(app))
    assert figures(app) == [3, 2, 1]
    (checked,) = [part for part in html(app).split("\n") if "fr-checked" in part]
    assert "Margaret" in checked
    assert "“hero’s journey”" in checked


def test_the_model_s_text_is_kept_as_it_was_written(app: AppTest) -> None:
    analysed(with_sample(app))
    analysis = application().shelf().analyses.all()[0]
    assert application().store.journal.outcome(analysis.call_id).text == "".join(ANSWER)


def test_the_models_page_says_how_much_was_found(app: AppTest) -> None:
    analysed(with_sample(app))
    app.switch_page("pages/models.py")
    app.run()
    assert not app.exception
    assert "2 of 3" in html(app)


class TestCut:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say(f"“{TRUE}”\n\n“You must follow me caref"), Break()])

    def test_what_a_cut_left_open_is_not_held_against_the_model(self, app: AppTest) -> None:
        analysed(with_sample(app))
        assert latest().state is State.FAILED
        assert figures(app) == [1]


class TestJson:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say(f'{{"first": "{TRUE}", "second": "{ALTERED}"}}'), Done()])

    def test_nobody_quotes_in_it(self, app: AppTest) -> None:
        with_sample(app)
        running = application()
        (kept,) = running.shelf().manuscripts.all()
        asked = replace(question(kept.id), options=Options(format="json"))
        begun = running.jobs.submit(running.shelf(), asked)
        until(begun, State.DONE)
        app.query_params["analysis"] = begun.id
        app.run()
        assert not app.exception
        assert TRUE in html(app)
        assert "fr-found-words" not in html(app)
        assert "fr-checked" not in html(app)
        app.switch_page("pages/models.py")
        app.run()
        assert "Quotations:" not in html(app)


class TestUnsupported:
    """The answer of a small model to two chapters, in five places without support."""

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        pieces = re.findall(r"\s*\S+\s*$|\s*\S+", unsupported.ANSWER)
        return ScriptedOllama([*map(Say, pieces), Done()])

    def asked(self, app: AppTest) -> str:
        running, manuscript = application(), unsupported.manuscript()
        kept = running.shelf().manuscripts.keep(manuscript)
        whole = ((0, len(manuscript.text)),)
        begun = running.jobs.submit(running.shelf(), replace(question(kept), ranges=whole))
        until(begun, State.DONE)
        app.query_params["analysis"] = begun.id
        app.run()
        assert not app.exception
        return html(app)

    def test_each_place_is_marked_and_the_last_said_below(self, app: AppTest) -> None:
        page = self.asked(app)
        marks = re.findall(r'<span class="fr-unknown" title="([^"]+)">([^<]+)<span', page)
        assert [unescape(text) for _, text in marks] == [text for _, text in unsupported.FLAGS]
        assert all(said for said, _ in marks)
        (below,) = [part for part in page.split("\n") if "fr-checked" in part]
        assert QUOTES_NOTHING in below
        assert all(text in unescape(below) for _, text in unsupported.FLAGS)

    def test_while_it_is_written_only_what_is_written_is_judged(self) -> None:
        index = Index(unsupported.manuscript())
        marks = QuoteMarks(index, question("m"))
        first, second, *_ = unsupported.ANSWER.split("\n\n")
        marks.html(first, is_last=False, headings=Headings())
        assert quote_summary(marks.evidence, "m", is_done=False) == ""
        marks.html(second, is_last=False, headings=Headings())
        below = quote_summary(marks.evidence, "m", is_done=False)
        assert "Chapter 6" in below
        assert QUOTES_NOTHING not in below


class TestNothing:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("It is a story."), Done()])

    def test_where_nothing_is_quoted_nothing_is_said(self, app: AppTest) -> None:
        assert "fr-checked" not in html(analysed(with_sample(app)))

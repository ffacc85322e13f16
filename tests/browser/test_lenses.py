"""Lenses as an editor meets them: chosen, changed, written, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from components.analysis import lens
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing

QUESTION = "What the model is asked, after the manuscript"


@pytest.fixture
def address() -> Iterator[str]:
    large = {"large:8b": {"parameter_size": "8B"}}  # Small ones are asked in few words.
    with playing(ScriptedOllama(models=large)) as server, serving(server.url) as url:
        yield url


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def choose_only(page: Page, lens_title: str) -> None:
    page.get_by_label("Clear all").click()
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_disabled()
    page.get_by_role("combobox", name="Lenses").fill(lens_title[:6])
    page.get_by_role("option", name=lens_title, exact=True).click()
    page.keyboard.press("Escape")


def test_choosing_a_lens_loses_no_words(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Try its first chapter").click()
    page.get_by_text("Instructions to the model: Storyteller").click()
    question = page.get_by_label(QUESTION)
    expect(question).to_have_value(lens().prompt)
    question.fill("Who tells it?")
    question.press("Control+Enter")
    expect(page.get_by_role("button", name="Its own words again")).to_be_visible()
    choose_only(page, "Dialogue")
    page.get_by_text("Instructions to the model: Dialogue").click()
    expect(page.get_by_label(QUESTION)).to_have_value(lens("dialogue").prompt)
    choose_only(page, lens().title)
    page.get_by_text("Instructions to the model: Storyteller").click()
    expect(page.get_by_label(QUESTION)).to_have_value("Who tells it?")
    page.get_by_role("button", name="Its own words again").click()
    expect(page.get_by_label(QUESTION)).to_have_value(lens().prompt)


def test_a_lens_is_written_and_then_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    page.get_by_role("button", name="New lens").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    choose(page, "Start from", "Pacing")
    expect(dialog.get_by_label("Question")).to_have_value(lens("pacing").prompt)
    dialog.get_by_label("Title").fill("My <b>pacing</b>")
    page.keyboard.press("Escape")
    dialog.get_by_label("Question").fill("Where does it drag?")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("My <b>pacing</b>", exact=True)).to_be_visible()
    page.get_by_role("link", name="Analyse", exact=True).click()
    page.get_by_role("button", name="Try its first chapter").click()
    choose_only(page, "My <b>pacing</b> (yours)")
    page.get_by_text("Instructions to the model: My <b>pacing</b>").click()
    expect(page.get_by_label(QUESTION)).to_have_value("Where does it drag?")

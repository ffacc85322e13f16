"""A quotation that is there leads to its words; one that is not says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.scripting import playing

SAMPLE = "Try its first chapter"
TRUE = "Is not that rather a large thing to expect us to begin upon?"
ALTERED = "Is that rather a large thing to expect us to begin upon?"

ANSWER = [
    Say(f"## Objections\n\nFilby asks “{TRUE}” and then meets Margaret.\n\n"),
    Hold(),
    Say(f"He also asks “{ALTERED}”, of the “hero’s journey”."),
    Done(),
]


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama(ANSWER)) as server:
        yield server


@pytest.fixture
def page(new_page: Callable[..., Page], ollama: ScriptedOllama) -> Iterator[Page]:
    """The page with the sample analysed up to its first paragraph."""
    with serving(ollama.url) as address:
        page = new_page()
        page.goto(address)
        page.get_by_role("button", name=SAMPLE).click()
        page.get_by_role("button", name="Analyse", exact=True).click()
        yield page


def test_it_is_marked_while_the_rest_is_written(page: Page, ollama: ScriptedOllama) -> None:
    link = page.get_by_role("link", name=TRUE)
    expect(page.get_by_role("heading", name="Objections")).to_be_visible()
    ollama.let_go()
    expect(link).to_be_visible()
    expect(link).to_have_attribute("title", "Found: chapter 1")
    missing = page.locator(".fr-missing")
    expect(missing).to_have_count(1)
    expect(missing).to_contain_text("not found in the manuscript")
    expect(page.locator(".fr-unknown")).to_contain_text("Margaret")
    expect(page.get_by_text("2 quotations: 1 found in the manuscript, 1 not.")).to_be_visible()


def test_a_click_leads_to_the_words(page: Page, ollama: ScriptedOllama) -> None:
    expect(page.get_by_role("heading", name="Objections")).to_be_visible()
    ollama.let_go()
    page.get_by_role("link", name=TRUE).click()
    marked = page.locator("mark")
    expect(marked).to_have_text(TRUE)
    expect(marked).to_be_in_viewport()
    assert "/manuscript?manuscript=" in page.url

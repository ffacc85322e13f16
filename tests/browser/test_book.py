"""A whole book read while somebody watches: from the form to the marked passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Hold, Say, ScriptedOllama, Step
from tests.reports.desk import book
from tests.reports.reading import INVENTED, asks_about, reader, reads
from tests.scripting import playing

#: Longer than any test takes on a busy computer.
LONG = 60_000


#: The sentence of the finding on chapter 2, which its claim repeats, as it begins.
FOUND = "On day 2 of the journey Marlow carried"


def held(body: dict[str, Any]) -> Sequence[Step]:
    """Answer as the reader does, but stay after the first finding on chapter 2."""
    *said, done = reads(body)
    if asks_about(body, 2, findings=True):
        answer = "".join(one.text for one in said if isinstance(one, Say))
        cut = answer.index("}") + 1
        return (Say(answer[:cut]), Hold(), Say(answer[cut:]), done)
    return (*said, done)


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    server = reader()
    server.reads = held
    with playing(server):
        yield server


@pytest.fixture
def page(new_page: Callable[..., Page], ollama: ScriptedOllama, tmp_path: Path) -> Iterator[Page]:
    """The page with a manuscript of four chapters, in a context that it does not fit.

    It is opened at the address that it had in an earlier version.
    """
    file = tmp_path / "lamp.txt"
    file.write_text(book(4).text, encoding="utf-8")
    with serving(ollama.url) as address:
        page = new_page()
        page.goto(address)
        page.locator("input[type=file]").set_input_files(file)
        page.wait_for_url("**manuscript=*")
        page.goto(f"{address}/book?{page.url.partition('?')[2]}")
        page.get_by_text("Options", exact=True).click()
        context = page.get_by_role("spinbutton", name="Context, in tokens")
        context.fill("2560")
        context.press("Enter")
        yield page


def test_from_the_form_to_the_passage(page: Page, ollama: ScriptedOllama) -> None:
    expect(page.get_by_text(re.compile(r"Reads 4 chapters in \d+ steps"))).to_be_visible()
    page.get_by_text("The plan", exact=True).click()
    expect(page.get_by_text("read in 4 passages, in a context of 2,560")).to_be_visible()
    page.get_by_role("button", name="Analyse", exact=True).click()

    live = page.locator(".st-key-book-live")
    expect(live.get_by_text(FOUND)).to_be_visible(timeout=LONG)
    expect(live.get_by_text("Event (Chapter 2)")).to_be_visible()
    expect(page.get_by_text("Chapter 2, findings for Storyteller")).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    chapters = page.locator(".st-key-book-list a")
    expect(chapters).to_have_count(4)
    expect(chapters.nth(0)).to_contain_text("complete")
    expect(chapters.nth(3)).to_contain_text("waiting")

    page.reload()
    expect(live.get_by_text(FOUND)).to_have_count(1, timeout=LONG)
    # What is done is read while the rest is written, and is where the address says.
    chapters.nth(0).click()
    page.wait_for_url("**chapter=1")
    results = page.locator(".st-key-book-results")
    first = "On day 1 of the journey Marlow carried the lamp number 0 up the stair."
    expect(results.get_by_role("link", name=first).first).to_be_visible(timeout=LONG)
    expect(live.get_by_text(FOUND)).to_have_count(1, timeout=LONG)

    ollama.let_go()
    done = page.get_by_text("all 4 chosen chapters were read whole.")
    expect(done).to_be_visible(timeout=LONG)
    expect(live).to_have_count(0)
    page.get_by_role("radio", name="Storyteller").click()
    page.wait_for_url("**lens=*")
    expect(results.locator(".fr-missing")).to_contain_text(INVENTED)
    results.get_by_role("link", name=first).first.click()
    expect(page.locator("mark")).to_have_text(first)
    expect(page.locator("mark")).to_be_in_viewport()
    page.go_back()
    expect(done).to_be_visible(timeout=LONG)

"""Whole books compared in a real browser: nothing sent tells a model until it was judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.desk import book
from tests.reports.parting import NAMES, parting
from tests.scripting import playing


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(parting(context=2560)) as server:
        yield server


@pytest.fixture
def page(new_page: Callable[..., Page], ollama: ScriptedOllama) -> Iterator[Page]:
    """The compare page with a novel open, and the whole book chosen."""
    with serving(ollama.url) as address:
        page = new_page()
        page.goto(f"{address}/compare")
        novel = {"name": "Voyage.txt", "mimeType": "text/plain", "buffer": book(4).text.encode()}
        page.locator("input[type=file]").set_input_files(novel)  # type: ignore[arg-type]
        expect(page.get_by_role("button", name="Compare", exact=True)).to_be_enabled()
        page.get_by_text("The whole book", exact=True).click()
        expect(page.get_by_role("button", name="Compare the whole book")).to_be_enabled()
        yield page


def test_nothing_that_the_app_sends_tells_a_model_until_it_was_judged(
    page: Page, ollama: ScriptedOllama
) -> None:
    frames: list[bytes] = []

    def received(payload: str | bytes) -> None:
        frames.append(payload if isinstance(payload, bytes) else payload.encode())

    page.get_by_role("button", name="Compare the whole book").click()
    expect(page.get_by_role("button", name="New comparison")).to_be_visible(timeout=120_000)
    address = page.url
    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.goto(address.replace("/compare", "/library"))
    page.goto(address)
    expect(page.get_by_text("Which is better?").first).to_be_visible()
    expect(page.get_by_text("Where they part")).to_be_visible()
    told = b"".join(frames) + (page.content() + page.title() + page.url).encode()
    assert b"lamp number 0 up the stair" in told, "the frames were not heard at all"
    digests = [str(one["digest"]) for one in ollama.models.models.values()]
    marks = [*(name.partition(":")[0] for name in NAMES), *digests, "eval_count", "tokens/s"]
    assert [mark for mark in marks if mark.encode() in told] == []
    heard = len(frames)
    page.get_by_role("button", name="Equally good").click()
    page.get_by_role("button", name="Judge and show the names").click()
    for name in NAMES[:2]:
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert any(b"albatross" in one for one in frames[heard:])


def test_a_page_that_is_left_open_shows_the_end(page: Page) -> None:
    page.get_by_text("Hide the names until you have judged").click()
    page.get_by_role("button", name="Compare the whole book").click()
    expect(page.get_by_text("of 9 answers").first).to_be_visible()
    expect(page.get_by_role("button", name="New comparison")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("lamp number 0 up the stair").first).to_be_visible()
    expect(page.get_by_role("table", name="Figures")).to_contain_text("eval_count")
    expect(page.get_by_role("table", name="Scores by chapter")).to_contain_text("Chapter 2")

"""Nothing is lost, whatever becomes of the window, of the connection and of the app."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.store import Analysis, State, Store
from tests.browser.app_process import process_serving, serving
from tests.browser.cable import cable
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama, Step
from tests.scripting import playing

SAMPLE = "Try its first chapter"

#: Seconds; only a fault takes so long.
LONG = 30.0


def paragraph(attempt: int, number: int) -> str:
    """Prose without any markdown, so that the page shows what the store holds."""
    return f"Paragraph {number} of attempt {attempt}, with größer and “quotes” – told at length."


def script(attempt: int, paragraphs: int) -> list[Step]:
    """Write paragraphs word by word and hold before each but the first."""
    steps: list[Step] = []
    for number in range(paragraphs):
        steps += [Hold()] if number else []
        first, *words = paragraph(attempt, number).split(" ")
        steps += [Say(first), *(Say(f" {word}") for word in words)]
        steps.append(Say("\n\n"))
    return [*steps, Done()]


def text(attempt: int, paragraphs: int) -> str:
    return "\n\n".join(paragraph(attempt, number) for number in range(paragraphs))


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama(script(2, 2), answers=[script(1, 6)])) as server:
        yield server


def begun(page: Page, address: str) -> Page:
    """Open the app and have the sample analysed, until its first paragraph is there."""
    page.goto(address)
    page.get_by_role("button", name=SAMPLE).click()
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_text(paragraph(1, 0))).to_be_visible()
    return page


def shown(page: Page) -> str:
    """The text of the analysis as the page shows it."""
    return "\n\n".join(
        part.strip() for part in page.locator(".fr-analysis").all_inner_texts() if part.strip()
    )


def stored(folder: Path) -> tuple[Store, Analysis]:
    store = Store(folder / "first-reader.sqlite")
    return store, store.shelf().analyses.all()[0]


def until_stored(folder: Path, wanted: str) -> None:
    """Wait until the store holds the end of `wanted`."""
    store, analysis = stored(folder)
    try:
        seen, seq = "", 0
        while wanted not in seen:
            entries = store.journal.after(analysis.call_id, seq, timeout=LONG)
            assert entries, f"nothing came after {seen!r}"
            seq = entries[-1].seq
            seen = store.journal.outcome(analysis.call_id).text
    finally:
        store.close()


def kept(folder: Path) -> tuple[list[str], State]:
    """The texts of all attempts as the store has them, and the state."""
    store, analysis = stored(folder)
    try:
        outcome = store.journal.outcome(analysis.call_id)
        return [part.strip() for part in (*outcome.earlier, outcome.text)], outcome.state
    finally:
        store.close()


def finish(ollama: ScriptedOllama, page: Page, paragraphs: int) -> None:
    for _ in range(paragraphs):
        ollama.let_go()
    expect(page.locator(".fr-stage")).to_contain_text("Finished")


def test_refresh_second_tab_and_closed_tabs(
    new_page: Callable[..., Page], ollama: ScriptedOllama, tmp_path: Path
) -> None:
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        page = begun(new_page(), address)
        page.reload()
        expect(page.get_by_text(paragraph(1, 0))).to_be_visible()
        ollama.let_go()
        expect(page.get_by_text(paragraph(1, 1))).to_be_visible()
        second = new_page()
        second.goto(page.url)
        expect(second.get_by_text(paragraph(1, 1))).to_be_visible()
        ollama.let_go()
        for one in (page, second):
            expect(one.get_by_text(paragraph(1, 2))).to_be_visible()
        url = page.url
        for one in (page, second):
            one.close()
        ollama.let_go()
        until_stored(tmp_path, paragraph(1, 3))
        page, second = new_page(), new_page()
        page.goto(url)
        expect(page.get_by_text(paragraph(1, 3))).to_be_visible()
        finish(ollama, page, 2)
        second.goto(url)
        expect(second.locator(".fr-stage")).to_contain_text("Finished")
        assert shown(page) == shown(second) == text(1, 6)
    assert kept(tmp_path) == ([text(1, 6)], State.DONE)


def test_a_dropped_connection(
    new_page: Callable[..., Page], ollama: ScriptedOllama, tmp_path: Path
) -> None:
    with (
        serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as direct,
        cable(direct) as (address, line),
    ):
        page = begun(new_page(), address)
        line.pull()
        ollama.let_go()
        until_stored(tmp_path, paragraph(1, 1))
        line.put_back()
        expect(page.get_by_text(paragraph(1, 1))).to_be_visible()
        expect(page.get_by_text("Reconnected")).to_be_visible()
        ollama.let_go()
        expect(page.get_by_text(paragraph(1, 2))).to_be_visible()
        finish(ollama, page, 3)
        assert shown(page) == text(1, 6)
    assert kept(tmp_path) == ([text(1, 6)], State.DONE)


@pytest.mark.parametrize("kill", [False, True], ids=["orderly", "kill -9"])
def test_the_app_is_started_again(
    new_page: Callable[..., Page], ollama: ScriptedOllama, tmp_path: Path, *, kill: bool
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    environ = {"FIRST_READER_DATA_DIR": str(tmp_path), "FIRST_READER_PORT": port}
    with process_serving(ollama.url, **environ) as (address, process):
        page = begun(new_page(), address)
        ollama.let_go()
        expect(page.get_by_text(paragraph(1, 1))).to_be_visible()
        if kill:
            process.kill()
    with serving(ollama.url, **environ):
        # The page that was left open finds the new app by itself.
        expect(page.get_by_text("Interrupted here")).to_be_visible(timeout=60_000)
        expect(page.get_by_text(paragraph(2, 0))).to_be_visible()
        finish(ollama, page, 1)
        assert shown(page) == f"{text(1, 2)}\n\n{text(2, 2)}"
    assert kept(tmp_path) == ([text(1, 2), text(2, 2)], State.DONE)

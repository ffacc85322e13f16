"""The library and the settings, as an editor sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.store import Store
from tests.browser.app_process import go_to, queue_sample, serving
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.scripting import playing


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama([Say("The Morlocks come at night."), Hold(), Done()])) as server:
        yield server


@pytest.fixture
def app_address(ollama: ScriptedOllama, tmp_path: Path) -> Iterator[str]:
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        yield address


@pytest.fixture
def under_way(app_address: str, tmp_path: Path) -> None:
    """Queue an analysis from another process, as a script would."""
    store = Store(tmp_path / "first-reader.sqlite")
    queue_sample(store, "Analysis")
    store.close()


@pytest.mark.parametrize("path", ["library", "settings"])
def test_the_first_visit_may_be_to_any_page(page: Page, app_address: str, path: str) -> None:
    page.goto(f"{app_address}/{path}")
    expect(page.get_by_role("heading", name=path.capitalize(), exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Analyse", exact=True)).to_be_visible()
    expect(page.get_by_text("streamlit app")).to_have_count(0)


@pytest.mark.usefixtures("under_way")
def test_what_is_under_way_is_followed_opened_and_said_to_be_done(
    new_page: Callable[..., Page], app_address: str, ollama: ScriptedOllama
) -> None:
    page = new_page(permissions=["notifications"])
    page.add_init_script(
        "window.notes = []; window.Notification = class {"
        " static permission = 'granted'; static requestPermission() {}"
        " constructor(title, options) { window.notes.push([title, options.body]); } };"
        "Document.prototype.hasFocus = () => false;"
    )
    page.goto(f"{app_address}/library")
    panel = page.get_by_role("button", name="Under way (1)")
    expect(panel).to_be_visible()
    go_to(page, "Settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    panel.click()
    page.locator(".fr-way").get_by_role("link", name="The Time Machine, Analysis").click()
    expect(page.get_by_text("The Morlocks come at night.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(panel).to_be_visible()
    go_to(page, "Library")
    expect(page.get_by_text(re.compile("scripted:1b · (reading|writing)"))).to_be_visible()
    ollama.let_go()
    expect(page.get_by_text("scripted:1b · finished")).to_be_visible()
    expect(panel).to_have_count(0)
    page.wait_for_function("() => window.notes.length > 0")
    assert page.evaluate("window.notes") == [["First Reader", "An analysis has ended."]]


@pytest.mark.usefixtures("under_way")
def test_found_deleted_and_brought_back(
    page: Page, app_address: str, ollama: ScriptedOllama
) -> None:
    ollama.let_go()
    page.goto(f"{app_address}/library")
    expect(page.get_by_text("scripted:1b · finished")).to_be_visible()
    search = page.get_by_label("Search titles and analyses")
    search.fill("morlocks")
    search.press("Enter")
    expect(page.locator("mark")).to_have_text("Morlocks")
    page.get_by_role("button", name="Manage").last.click()
    page.get_by_role("button", name="Delete the analysis").click()
    expect(page.get_by_text("gone for good at")).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Restore").click()
    search.fill("morlocks")
    search.press("Enter")
    expect(page.locator("mark")).to_have_text("Morlocks")


@pytest.mark.usefixtures("under_way")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_they_fit_every_screen(
    new_page: Callable[..., Page], app_address: str, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    for path in ("library", "settings"):
        page.goto(f"{app_address}/{path}")
        expect(page.get_by_role("heading", name=path.capitalize(), exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

"""The panel of what is under way, in a real browser: it stays open, whatever happens behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from components.store import Store
from tests.browser.app_process import queue_sample, serving
from tests.browser.test_axe import AXE, STILL, found, takes_on
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.scripting import playing


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama([Say("The Morlocks come at night."), Hold(), Done()])) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The app's store, as another process has it."""
    store = Store(tmp_path / "first-reader.sqlite")
    yield store
    store.close()


@pytest.fixture
def app_address(ollama: ScriptedOllama, store: Store, tmp_path: Path) -> Iterator[str]:
    """An app in which one analysis runs and two wait."""
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        for lens in ("Plot", "Beats", "Names"):
            queue_sample(store, lens)
        yield address


def button(page: Page, count: int) -> Locator:
    return page.get_by_role("button", name=f"Under way ({count})")


def row(page: Page, lens: str) -> Locator:
    return (
        page.locator("[class*='st-key-way-']", has=page.locator(".fr-way"))
        .filter(has_text=f", {lens}")
        .last
    )


def is_open(page: Page, *lenses: str) -> None:
    """The panel shows these and no others; what it holds cannot be seen while it is closed."""
    expect(page.locator(".fr-way")).to_have_count(len(lenses))
    for lens in lenses:
        expect(row(page, lens)).to_be_visible()


def test_it_stays_open_while_what_it_shows_changes(
    page: Page, app_address: str, ollama: ScriptedOllama
) -> None:
    page.goto(f"{app_address}/library")
    button(page, 3).click()
    is_open(page, "Plot", "Beats", "Names")
    expect(row(page, "Plot")).to_contain_text("writing")
    expect(row(page, "Names")).to_contain_text("2 analyses before it")
    row(page, "Names").get_by_role("button", name="First").click()
    expect(row(page, "Names")).to_contain_text("1 analysis before it")
    expect(row(page, "Beats")).to_contain_text("2 analyses before it")
    is_open(page, "Plot", "Beats", "Names")
    ollama.let_go()
    expect(row(page, "Names")).to_contain_text("writing")
    is_open(page, "Beats", "Names")
    row(page, "Beats").get_by_role("button", name="Stop").click()
    is_open(page, "Names")
    expect(page.get_by_role("status").filter(has_text="Ended:")).to_contain_text("1 more")
    ollama.let_go()
    expect(page.locator(".fr-way")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Under way"))).to_have_count(0)


def test_it_stays_open_on_the_page_that_watches(
    page: Page, app_address: str, store: Store, ollama: ScriptedOllama
) -> None:
    page.goto(f"{app_address}/library")
    button(page, 3).click()
    row(page, "Plot").get_by_role("link").click()
    expect(page.locator(".fr-stage")).to_contain_text("Writing")
    button(page, 3).click()
    row(page, "Beats").get_by_role("button", name="Stop").click()
    is_open(page, "Plot", "Names")
    queue_sample(store, "Style")  # As another window would: the page is run anew.
    is_open(page, "Plot", "Names", "Style")
    expect(page.locator(".fr-stage")).to_contain_text("Writing")
    ollama.let_go()
    expect(page.locator(".fr-stage")).to_contain_text("Finished")
    is_open(page, "Names", "Style")


@pytest.mark.parametrize("width", [1440, 390])
def test_it_can_be_used_by_keyboard_and_is_accessible(
    new_page: Callable[..., Page], app_address: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    page.goto(f"{app_address}/library")
    button(page, 3).focus()
    page.keyboard.press("Enter")
    is_open(page, "Plot", "Beats", "Names")
    stop = row(page, "Names").get_by_role("button", name="Stop")
    for _ in range(15):
        if stop.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(stop).to_be_focused()
    # Of what has no tooltip: that floats beside the landmarks, and belongs to Streamlit.
    row(page, "Names").get_by_role("link").focus()
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.add_style_tag(content=STILL)
    page.evaluate(AXE)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        takes_on(page, scheme)
        assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    is_open(page, "Plot", "Beats", "Names")
    for one in row(page, "Names").get_by_role("button").all():
        place = one.bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
    stop.press("Enter")
    is_open(page, "Plot", "Beats")
    page.keyboard.press("Escape")
    expect(row(page, "Plot")).not_to_be_visible()


def test_notification_is_asked_for_where_something_takes_long(
    new_page: Callable[..., Page], app_address: str, store: Store
) -> None:
    page = new_page()
    page.add_init_script("window.Notification = class { static permission = 'default'; };")
    page.goto(f"{app_address}/library")
    expect(button(page, 3)).to_be_visible()
    notify = page.get_by_role("button", name="Notify me")
    expect(notify).to_be_hidden()
    with store._database.write() as connection:  # It has gone on for an hour.
        connection.execute(sa.text("UPDATE analysis SET created = created - 3600"))
    page.reload()
    expect(notify).to_be_visible()

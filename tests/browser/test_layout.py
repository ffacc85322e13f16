"""Where things stand: the navigation on top, the figures in sight, at three sizes of screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_process import go_to, serving
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.scripting import playing
from tests.waiting import until

LAPTOPS = [(1440, 900), (1280, 720)]
PHONE = (390, 844)

#: Each page by its name in the navigation, with the end of its address.
PAGES = {
    "Analyse": "",
    "Manuscript": "manuscript",
    "Compare": "compare",
    "Ask": "ask",
    "Library": "library",
    "Pictures": "pictures",
    "Models": "models",
    "Settings": "settings",
}

#: Milliseconds in which a small model on a busy machine reads and answers a line.
ANSWER = 120_000

SPEED = re.compile(r"[\d.]+ tokens/s")


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    answer = [Say("The Morlocks come "), Hold(), Say("at night."), Done()]
    with playing(ScriptedOllama(answer)) as server:
        yield server


@pytest.fixture
def app_address(ollama: ScriptedOllama, tmp_path: Path) -> Iterator[str]:
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        yield address


def open_text(page: Page, address: str) -> None:
    page.goto(address)
    text = "Anna went home. She found the letter and burnt it.\n" * 12
    page.locator('input[type="file"]').set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()


def size(page: Page) -> dict[str, int]:
    assert page.viewport_size is not None
    return dict(page.viewport_size)


def stands_within(page: Page, *places: Locator) -> None:
    """Each of all of `places` is within the window, and nothing was scrolled for it."""
    screen = size(page)
    for place in places:
        assert place.count() > 0
        for one in place.all():
            box = bounds(one)
            right, bottom = box["x"] + box["width"], box["y"] + box["height"]
            assert min(box["x"], box["y"]) >= 0, one.inner_text()
            assert right <= screen["width"], one.inner_text()
            assert bottom <= screen["height"], one.inner_text()
    scrolled = "[...document.querySelectorAll('section, aside, div')].some(e => e.scrollTop > 0)"
    assert not page.evaluate(scrolled)


def does_not_overflow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def figure(page: Page, name: str) -> Locator:
    return page.locator(".fr-figures > div", has_text=name)


def bounds(place: Locator) -> dict[str, float]:
    """Where an element stands, also one that is drawn anew each second: waits until it is there."""
    box: dict[str, float] = place.evaluate("element => element.getBoundingClientRect().toJSON()")
    return box


def top(place: Locator) -> float:
    return bounds(place)["y"]


def test_all_figures_of_a_finished_analysis_are_in_sight(page: Page, app_url: str) -> None:
    open_text(page, app_url)
    page.get_by_text("Options", exact=True).click()
    longest = page.get_by_role("spinbutton", name="Longest answer, in tokens")
    longest.fill("24")
    longest.press("Enter")
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()
    page.get_by_text("Options", exact=True).click()
    expect(longest).to_be_hidden()
    page.get_by_role("button", name="Analyse", exact=True).click()
    figures = page.get_by_label("Statistics")
    expect(figures).to_contain_text("total_duration", timeout=ANSWER)
    for width, height in LAPTOPS:
        page.set_viewport_size({"width": width, "height": height})
        rows = page.locator(".fr-figures dt, .fr-figures dd")
        stands_within(page, page.get_by_role("combobox", name="Model"), rows)
        assert rows.count() >= 24
        assert top(page.get_by_role("combobox", name="Model")) < top(figures)
        does_not_overflow(page)


@pytest.mark.parametrize(("width", "height"), LAPTOPS)
def test_stage_and_speed_are_in_sight_while_it_writes(
    new_page: Callable[..., Page],
    app_address: str,
    ollama: ScriptedOllama,
    width: int,
    height: int,
) -> None:
    page = new_page(viewport={"width": width, "height": height})
    open_text(page, app_address)
    page.get_by_role("button", name="Analyse", exact=True).click()
    figures = page.get_by_label("Statistics")
    expect(figures).to_contain_text("Writing")
    expect(figures).to_contain_text(SPEED)
    stands_within(page, page.get_by_role("combobox", name="Model"), page.locator(".fr-figures dt"))
    # It is live, and says the same as the line above the text.
    speed = figures.locator("dd", has_text=SPEED)
    before = speed.inner_text()
    expect(speed).not_to_have_text(before)
    page.wait_for_function(
        "() => document.querySelector('.fr-stage').innerText.includes("
        "[...document.querySelectorAll('.fr-figures dd')]"
        ".map(e => e.innerText).find(text => text.includes('tokens/s')))"
    )
    # Nothing moves when Ollama's figures come.
    names = ("Time to first token", "num_ctx")
    places = [top(figure(page, name)) for name in names]
    assert all(places)
    ollama.let_go()
    expect(figures).to_contain_text("Finished (stop)")
    expect(figures).to_contain_text("eval_count")
    # Not at once: for a moment the old row is gone and the new one not yet there.
    until(lambda: [top(figure(page, name)) for name in names] == places)


def test_what_was_stopped_has_figures_that_were_measured_here(
    page: Page, app_address: str, ollama: ScriptedOllama
) -> None:
    open_text(page, app_address)
    page.get_by_role("button", name="Analyse", exact=True).click()
    figures = page.get_by_label("Statistics")
    expect(figures).to_contain_text(SPEED)
    page.get_by_role("button", name="Stop").click()
    expect(figures).to_contain_text("Stopped by you")
    expect(figure(page, "Tokens received")).to_contain_text("measured here")
    expect(figure(page, "Time to first token")).to_contain_text(" s")
    for term in ("eval_count", "eval_duration", "total_duration"):
        expect(figures).not_to_contain_text(term)


def test_on_a_phone_stage_and_speed_stand_above_the_text(
    new_page: Callable[..., Page], app_address: str, ollama: ScriptedOllama
) -> None:
    page = new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    open_text(page, app_address)
    page.get_by_role("button", name="Analyse", exact=True).click()
    line = page.locator(".fr-stage")
    expect(line).to_contain_text(re.compile("Writing.*tokens/s"))
    page.reload()  # What was scrolled to before is not what one comes to.
    expect(line).to_contain_text(re.compile("Writing.*tokens/s"))
    stands_within(page, line)
    assert top(line) < top(page.locator(".fr-analysis").first)
    does_not_overflow(page)
    ollama.let_go()
    expect(line).to_contain_text("Finished")


def test_one_line_has_the_panel_of_what_goes_on(
    new_page: Callable[..., Page], app_address: str, ollama: ScriptedOllama
) -> None:
    page = new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    open_text(page, app_address)
    page.get_by_role("button", name="Analyse", exact=True).click()
    expect(page.locator(".fr-stage")).to_contain_text("Writing")
    elsewhere = new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    elsewhere.goto(f"{app_address}/library")
    line = elsewhere.get_by_role("button", name="Under way (1)")
    expect(line).to_be_visible()
    stands_within(elsewhere, line)
    assert bounds(line)["height"] < 30
    heading = top(elsewhere.get_by_role("heading", name="Library"))
    does_not_overflow(elsewhere)
    ollama.let_go()
    expect(line).to_have_count(0)
    assert top(elsewhere.get_by_role("heading", name="Library")) == heading


@pytest.mark.parametrize("width", [1440, 1280])
def test_the_navigation_leads_to_every_page(
    new_page: Callable[..., Page], app_address: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 720})
    page.goto(app_address)
    bar = page.get_by_role("navigation", name="App pages")
    for name, path in PAGES.items():
        go_to(page, name)
        expect(page).to_have_url(f"{app_address.rstrip('/')}/{path}")
        does_not_overflow(page)
        stands_within(page, bar.get_by_role("link"), bar.get_by_role("button", name="More"))
    expect(bar.get_by_text(re.compile(r"\d more"))).to_have_count(0)  # All of it fits.
    logo = page.get_by_role("img", name="Logo")
    stands_within(page, logo)
    assert logo.evaluate("one => one.naturalWidth") > 0


def test_between_a_phone_and_a_laptop_the_navigation_is_not_cut(
    new_page: Callable[..., Page], app_address: str
) -> None:
    page = new_page(viewport={"width": 800, "height": 900})
    page.goto(f"{app_address}/library")
    bar = page.get_by_role("navigation", name="App pages")
    more = bar.get_by_role("button", name=re.compile(r"\d more"))
    expect(more).to_be_visible()
    stands_within(page, more, bar.get_by_role("link"))


def test_the_navigation_can_be_used_without_a_mouse(page: Page, app_address: str) -> None:
    page.goto(f"{app_address}/library")
    bar = page.get_by_role("navigation", name="App pages")
    bar.get_by_role("link", name="Analyse").focus()
    page.keyboard.press("Tab")
    expect(bar.get_by_role("link", name="Manuscript")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app_address.rstrip('/')}/manuscript")
    bar.get_by_role("link", name="Library").focus()
    page.keyboard.press("Tab")
    expect(bar.get_by_role("button", name="More")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Pictures")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_menu_leads_to_every_page(
    new_page: Callable[..., Page], app_address: str, scheme: str
) -> None:
    page = new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme=scheme)
    page.goto(app_address)
    for name, path in reversed(PAGES.items()):
        page.get_by_role("button", name="Expand sidebar").click()
        page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_url(f"{app_address.rstrip('/')}/{path}")
        expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
        does_not_overflow(page)

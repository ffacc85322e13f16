"""A book at a glance in a real browser: drawn under the page's policy; a click opens a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from components.store import Store
from tests.browser.app_process import go_to, serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.measures.books import FIRST, SECOND, book
from tests.scripting import playing

VIEWS = {
    "At a glance": ["Words", "Dialogue", "Sentence length", "Reading ease"],
    "Shape": ["Words", "Dialogue", "Sentence length", "Reading ease"],
    "Names": ["Names"],
    "Repetition": ["Repeated phrases", "Echoes"],
    "Words": ["Favourite words", "Adverbs in -ly", "Filter words"],
}


@pytest.fixture
def app_address(tmp_path: Path) -> Iterator[str]:
    with (
        playing(ScriptedOllama()) as server,
        serving(server.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address,
    ):
        yield address


@pytest.fixture
def manuscript_id(app_address: str, tmp_path: Path) -> str:
    """Two chapters of more than a hundred words, kept by another process."""
    two = book(("Chapter 1", f"{FIRST}\n\n" * 4), ("Chapter 2", f"{SECOND}\n\n" * 4), language="en")
    store = Store(tmp_path / "first-reader.sqlite")
    kept = store.shelf().manuscripts.keep(two)
    store.close()
    return kept


def overheard(page: Page) -> list[str]:
    """Note what the browser complains of, and what the policy refuses."""
    heard: list[str] = []
    page.on(
        "console",
        lambda said: heard.append(said.text) if said.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error('refused by policy: ' + e.violatedDirective + ' ' + e.blockedURI));"
    )
    return heard


def drawn(page: Page, number: int = 0) -> Locator:
    chart = page.get_by_test_id("stVegaLiteChart").nth(number)
    expect(chart.locator("canvas, svg").first).to_be_visible(timeout=30_000)  # Vega comes first.
    return chart


def turn_to(page: Page, view: str) -> None:
    """Choose a view and wait until it alone is there."""
    page.get_by_role("radio", name=view, exact=True).click()
    headings = page.get_by_role("heading", level=2)
    expect(headings).to_have_text(VIEWS[view], timeout=30_000)


def click(chart: Locator, across: float, down: float) -> None:
    """Click a share of the way across the plot itself, right of its names."""
    box = chart.bounding_box()
    assert box is not None
    left = 145
    chart.click(position={"x": left + (box["width"] - left) * across, "y": down})


def test_a_click_opens_the_passage_and_nothing_is_refused(
    page: Page, app_address: str, manuscript_id: str
) -> None:
    heard = overheard(page)
    page.goto(app_address)
    page.get_by_role("button", name="A small book").click()
    go_to(page, "Manuscript")
    address = f"{app_address.rstrip('/')}/manuscript?manuscript={manuscript_id}"
    expect(page).to_have_url(address)
    turn_to(page, "At a glance")
    for number in range(4):
        drawn(page, number)
    expect(page).to_have_url(f"{address}&view=glance")
    passage = page.locator(".fr-passage")
    expect(passage).to_have_count(0)

    click(drawn(page, 1), 0.75, 40)  # Dialogue, the second chapter.
    expect(passage.locator("h3")).to_have_text("Chapter 2")
    expect(passage.locator("mark")).to_have_text("“What a storm!”")
    page.get_by_role("button", name="Next").click()
    expect(passage.locator("mark")).to_have_text("“I saw it at the end of the long day.”")

    turn_to(page, "Names")
    click(drawn(page), 0.25, 12)  # The first name in the first chapter.
    expect(page.get_by_text("1 of 8")).to_be_visible()
    expect(passage.locator("mark")).to_have_text("Mr. Marlow")
    expect(passage.locator("h3")).to_have_text("Chapter 1")

    turn_to(page, "Repetition")
    click(drawn(page), 0.99, 12)  # The last place is the nearest.
    expect(passage.first.locator("h3")).to_have_text("Chapter 2")

    page.get_by_role("button", name="What is this").first.click()
    expect(page.get_by_text("The same words in the same order")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Read on in the chapter").first.click()
    expect(page.locator("mark.fr-at")).to_be_in_viewport()
    expect(page.get_by_role("heading", level=2)).to_have_text("Chapter 2")
    page.go_back()
    headings = page.get_by_role("heading", level=2)
    expect(headings).to_have_text(VIEWS["Repetition"])
    assert heard == []
    page.reload()
    expect(headings).to_have_text(VIEWS["Shape"])
    expect(page).to_have_url(f"{address}&view=glance")


def test_its_earlier_address_leads_to_it(page: Page, app_address: str, manuscript_id: str) -> None:
    page.goto(f"{app_address}/glance?manuscript={manuscript_id}")
    expect(page.get_by_role("heading", level=2)).to_have_text(VIEWS["Shape"])
    assert page.url.endswith(f"/manuscript?view=glance&manuscript={manuscript_id}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_every_screen(
    new_page: Callable[..., Page], app_address: str, manuscript_id: str, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(f"{app_address}/manuscript?manuscript={manuscript_id}&view=glance")
    for view in VIEWS:
        turn_to(page, view)
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

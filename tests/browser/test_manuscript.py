"""A manuscript before any analysis, as an editor sees and changes it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from components.engine.private.pins import MODEL
from components.store import State, Store
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing

#: Milliseconds a model on a busy machine may take to read and write a little.
READING = 300_000

#: Times that a list is opened which a run of the page may close.
TRIES = 5

SENTENCE = "The boat went out before dawn and came back without its mast, and nobody said why."


def text(chapters: int = 4) -> bytes:
    """A novel of short chapters; the second has a heading inside that is none of theirs."""
    parts = ["The Lighthouse\n\nby Nobody"]
    for number in range(1, chapters + 1):
        parts.append(f"Chapter {number}")
        parts += [f"{SENTENCE} It was day {number}, hour {hour}." for hour in range(6)]
        if number == 2:
            parts += ["The Storm", f"{SENTENCE} Then it broke. <b>*Not bold*</b>", SENTENCE]
    return "\n\n".join(parts).encode()


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama()) as server:
        yield server


@pytest.fixture
def app_address(ollama: ScriptedOllama, tmp_path: Path) -> Iterator[str]:
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        yield address


def uploaded(page: Page, address: str, data: bytes) -> None:
    page.goto(address)
    page.locator('input[type="file"]').set_input_files(
        {"name": "lighthouse.txt", "mimeType": "text/plain", "buffer": data}
    )
    page.wait_for_url("**manuscript=*")
    page.goto(f"{address.rstrip('/')}/manuscript?{page.url.partition('?')[2]}")
    expect(chapters(page).first).to_be_visible()


def chapters(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Chapters").get_by_role("option")


def names(page: Page) -> list[str]:
    return chapters(page).locator(".heading").all_inner_texts()


def chosen(page: Page, name: str) -> None:
    chapters(page).filter(has_text=name).first.click()
    heading = page.locator(".st-key-chapter").get_by_role("heading", name=name, exact=True)
    expect(heading.first).to_be_visible()


def arranged(page: Page, *expected: str) -> None:
    expect(chapters(page).locator(".heading")).to_have_text(list(expected))


def arrange(page: Page) -> None:
    """Rename, merge, split and mark, and take one of them back."""
    arranged(page, "Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4")
    chosen(page, "Chapter 3")
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_label("Heading", exact=True)
    field.fill("The Calm")
    field.press("Enter")
    arranged(page, "Chapter 1", "Chapter 2", "The Calm", "Chapter 4")
    page.get_by_role("button", name="Merge with the one before").click()
    arranged(page, "Chapter 1", "Chapter 2", "Chapter 4")

    page.get_by_role("button", name="Split", exact=True).click()
    paragraphs = page.get_by_role("listbox", name="Paragraphs of the chapter")
    paragraphs.get_by_role("option").filter(has_text=re.compile("^The Storm$")).click()
    page.get_by_role("button", name="Split here").click()
    arranged(page, "Chapter 1", "Chapter 2", "The Storm", "Chapter 4")

    marked(page, "Interlude")
    expect(chapters(page).nth(2)).to_contain_text("Interlude")
    page.get_by_role("button", name="Undo").click()
    expect(chapters(page).nth(2)).not_to_contain_text("Interlude")
    page.get_by_role("button", name="Redo").click()
    expect(chapters(page).nth(2)).to_contain_text("Interlude")
    page.get_by_role("button", name="Undo").click()
    expect(chapters(page).nth(2)).not_to_contain_text("Interlude")


def marked(page: Page, kind: str) -> None:
    app, option = page.get_by_test_id("stApp"), page.get_by_role("option", name=kind, exact=True)
    for _ in range(TRIES):  # What is drawn while the list is open closes it.
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        page.locator(".st-key-chapter").get_by_role("combobox").click()
        with contextlib.suppress(AssertionError):
            expect(option).to_be_visible(timeout=2_000)
            break
    option.click()


def analysed(page: Page, chapter: str) -> None:
    """Have one chapter of the edited outline analysed."""
    page.get_by_role("button", name="Analyse this manuscript").click()
    page.get_by_role("combobox", name="What to read").click()
    page.get_by_role("option", name="Only chapters that I choose").click()
    page.get_by_role("combobox", name="Chapters to read").click()
    page.get_by_role("option", name=chapter, exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("Fits: about"))).to_be_visible()
    page.get_by_role("button", name="Analyse", exact=True).click()


def test_an_outline_is_arranged_survives_a_refresh_and_is_what_is_analysed(
    page: Page, app_address: str, ollama: ScriptedOllama
) -> None:
    uploaded(page, app_address, text())
    arrange(page)
    page.reload()
    arranged(page, "Chapter 1", "Chapter 2", "The Storm", "Chapter 4")
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()
    analysed(page, "The Storm")
    expect(page.locator(".fr-stage")).to_contain_text("Finished")
    sent = str(next(body for _, body in reversed(ollama.requests) if body.get("messages")))
    assert "Then it broke" in sent
    assert "It was day 3, hour 5" in sent  # of the chapter that was merged
    assert "It was day 2" not in sent
    assert "It was day 4" not in sent


def test_an_edited_chapter_is_analysed_by_a_real_model(
    page: Page, small_model_url: str, tmp_path: Path
) -> None:
    with serving(small_model_url, model=MODEL, FIRST_READER_DATA_DIR=str(tmp_path)) as address:
        uploaded(page, address, text())
        arrange(page)
        analysed(page, "The Storm")
        stage = page.locator(".fr-stage")
        expect(stage).to_contain_text(re.compile("Writing|Finished"), timeout=READING)
        if (stop := page.get_by_role("button", name="Stop", exact=True)).is_visible():
            stop.click()
        expect(stage).to_contain_text(
            re.compile("Stopped by you|Finished|Ran out of room|Repeated itself")
        )
        store = Store(tmp_path / "first-reader.sqlite")
        analysis = store.shelf().analyses.all()[0]
        manuscript = store.shelf().manuscripts.get(analysis.question.manuscript_id)
        store.close()
    assert analysis.state in {State.STOPPED, State.DONE, State.FAILED}
    storm = manuscript.chapters[2]
    assert analysis.question.ranges == ((storm.start, storm.end),)
    assert manuscript.text[storm.start :].startswith("The Storm")


def test_two_windows_do_not_overwrite_each_other(
    new_page: Callable[..., Page], app_address: str
) -> None:
    page, other = new_page(), new_page()
    uploaded(page, app_address, text())
    other.goto(page.url)
    chosen(other, "Chapter 3")
    chosen(page, "Chapter 2")
    page.get_by_role("button", name="Merge with the one before").click()
    arranged(page, "Chapter 1", "Chapter 3", "Chapter 4")
    # The other window still shows four: what is clicked there is not done to anything else.
    other.get_by_role("button", name="Merge with the one before").click()
    expect(other.get_by_text("changed in another window")).to_be_visible()
    arranged(other, "Chapter 1", "Chapter 3", "Chapter 4")
    other.get_by_role("button", name="Merge with the one before").click()
    arranged(other, "Chapter 1", "Chapter 4")
    for back in (3, 4):
        other.get_by_role("button", name="Undo").click()
        expect(chapters(other)).to_have_count(back)


def test_the_list_is_walked_by_keyboard(page: Page, app_address: str) -> None:
    uploaded(page, app_address, text())
    page.get_by_role("listbox", name="Chapters").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    heading = page.locator(".st-key-chapter h2").first
    expect(heading).to_have_text("Chapter 3")
    page.keyboard.press("End")
    expect(heading).to_have_text("Chapter 4")
    page.keyboard.press("Home")
    expect(heading).to_have_text("Chapter 1")
    expect(page).to_have_url(re.compile(r"at=0$"))


def test_hundreds_of_chapters_are_one_list(page: Page, app_address: str) -> None:
    uploaded(page, app_address, text(400))
    expect(chapters(page)).to_have_count(400)
    assert page.get_by_role("button").count() < 25
    chosen(page, "Chapter 390")
    expect(page.locator(".fr-reader")).to_contain_text("It was day 390, hour 0")


def test_an_address_leads_to_the_passage(page: Page, app_address: str) -> None:
    data = text(40).decode()
    uploaded(page, app_address, data.encode())
    # The file is kept as it is, but for its end.
    start = data.index("It was day 33, hour 5")
    page.goto(f"{page.url.split('&')[0]}&at={start}-{start + len('It was day 33')}")
    mark = page.locator("mark")
    expect(mark).to_have_text("It was day 33")
    expect(mark).to_be_in_viewport()
    expect(chapters(page).and_(page.locator('[aria-selected="true"]'))).to_contain_text("33")
    assert page.locator(".fr-reader b").count() == 0


def test_the_text_is_not_markup(page: Page, app_address: str) -> None:
    uploaded(page, app_address, text())
    chosen(page, "Chapter 2")
    expect(page.locator(".fr-reader")).to_contain_text("<b>*Not bold*</b>")
    assert page.locator(".fr-reader b, .fr-reader em").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_every_screen(
    new_page: Callable[..., Page], app_address: str, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    uploaded(page, app_address, text(20))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    chosen(page, "Chapter 3")
    expect(page.locator(".st-key-chapter h2").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

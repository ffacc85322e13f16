"""A newcomer's first minutes, counted in clicks as the browser sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from components.engine.private.pins import MODEL
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.scripting import playing

#: Milliseconds. A shared machine of two cores reads the sample in 5 to 60 seconds.
READING = 300_000

SAMPLE = "Try a sample: the opening of The Time Machine"

#: Counts what is clicked in all documents of a window.
COUNTING = """
addEventListener("click", event => {
  if (event.isTrusted && event.detail > 0)
    sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
}, true);
"""

MODELS = ("first:1b", "second:1b")

QUESTION = "Who travels through time?"


def clicks(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.clicks ?? 0)"))


def begun(new_page: Callable[..., Page], address: str) -> Page:
    """Go from the empty app to the first words of the sample's analysis."""
    page = new_page()
    page.add_init_script(COUNTING)
    page.goto(address)
    page.get_by_role("button", name=SAMPLE).click()
    page.get_by_role("button", name="Analyse", exact=True).click()
    expect(page.locator(".fr-analysis").first).not_to_be_empty(timeout=READING)
    return page


def test_to_the_first_word_and_to_a_question_about_it(
    new_page: Callable[..., Page], small_model_url: str
) -> None:
    with serving(small_model_url, model=MODEL) as address:
        page = begun(new_page, address)
        assert 0 < clicks(page) <= 3
        analysed = clicks(page)
        # The field is there when the analysis has ended.
        field = page.get_by_role("textbox", name="Ask about this")
        expect(field).to_be_enabled(timeout=READING)
        field.click()
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        chat = page.locator(".st-key-chat")
        expect(chat.get_by_text(QUESTION)).to_be_visible()
        expect(chat.locator(".fr-analysis").last).not_to_be_empty(timeout=READING)
        assert clicks(page) == analysed + 1


@contextmanager
def offered_another(
    new_page: Callable[..., Page],
) -> Iterator[tuple[Page, ScriptedOllama, int]]:
    """Have an analysis by the first of MODELS, and what offers another; count the clicks before."""
    with (
        playing(ScriptedOllama([Say("It begins."), Done()], models=MODELS)) as ollama,
        serving(ollama.url, model=MODELS[0]) as address,
    ):
        page = begun(new_page, address)
        analysed = clicks(page)
        page.get_by_role("button", name="The same by another model").click()
        yield page, ollama, analysed


def test_the_same_by_another_model(new_page: Callable[..., Page]) -> None:
    with offered_another(new_page) as (page, ollama, analysed):
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".st-key-work").get_by_text(f"by {MODELS[1]}")).to_be_visible()
        expect(page.locator(".fr-analysis").first).to_have_text("It begins.")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
        assert clicks(page) == analysed + 2
        asked = {body["model"] for _, body in ollama.requests if body.get("messages")}
        assert asked == set(MODELS)


def test_both_side_by_side(new_page: Callable[..., Page]) -> None:
    with offered_another(new_page) as (page, ollama, analysed):
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_role("heading", name=f"A · {MODELS[0]}")).to_be_visible()
        expect(page.get_by_role("heading", name=f"B · {MODELS[1]}")).to_be_visible()
        expect(page.locator(".st-key-comparison .fr-analysis")).to_have_text(["It begins."] * 2)
        expect(page.get_by_text("Which is better?")).to_be_visible()
        assert clicks(page) == analysed + 2
        asked = [body["model"] for _, body in ollama.requests if body.get("messages")]
        assert sorted(asked) == sorted(MODELS), "what was answered before was asked again"


def test_from_a_file_to_its_analysis(new_page: Callable[..., Page]) -> None:
    text = "Anna went home. She found the letter and burnt it.\n" * 12
    file = {"name": "note.txt", "mimeType": "text/plain", "buffer": text.encode()}
    with playing(ScriptedOllama()) as ollama, serving(ollama.url) as address:
        page = new_page()
        page.add_init_script(COUNTING)
        page.goto(address)
        with page.expect_file_chooser() as chooser:
            page.get_by_text("Upload", exact=True).click()
        chooser.value.set_files([file])
        page.get_by_role("button", name="Analyse", exact=True).click()
        expect(page.locator(".fr-analysis").first).to_have_text("Hello")
        # The third click is that on the file in the window of the system.
        assert clicks(page) == 2

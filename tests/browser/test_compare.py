"""Two columns in a real browser: each by itself, nothing lost at a refresh, no name while blind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from components.engine.private.pins import MODEL
from components.manuscripts import sample
from tests.browser.app_process import serving
from tests.browser.test_axe import AXE, STILL, found, takes_on
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.scripting import playing
from tests.twin import TWIN, make_twin, remove_twin

SAMPLE = "Try its first chapter"

NAMES = ("albatross:1b", "barnacle:1b")


#: What else tells a model from another.
MARKS = ("seabird", "crustacean", "77.7B", "Q9_Z")


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    answer = [Say("It begins"), Hold(), Say(" and it ends."), Done()]
    with playing(ScriptedOllama(answer, models=NAMES)) as server:
        for name, family in zip(NAMES, MARKS, strict=False):
            server.models.models[name]["details"] |= {
                "family": family,
                "parameter_size": "77.7B",
                "quantization_level": "Q9_Z",
            }
        yield server


@pytest.fixture
def page(new_page: Callable[..., Page], ollama: ScriptedOllama) -> Iterator[Page]:
    """The compare page with the sample open."""
    with serving(ollama.url) as address:
        page = new_page()
        page.goto(f"{address}/compare")
        page.get_by_role("button", name=SAMPLE).click()
        expect(page.get_by_role("button", name="Compare", exact=True)).to_be_enabled()
        yield page


def begun(page: Page, *, blind: bool = False) -> Page:
    names = page.get_by_role("switch", name="Hide the names until you have judged")
    expect(names).to_be_checked()
    if not blind:
        page.get_by_text("Hide the names until you have judged").click()
        expect(names).not_to_be_checked()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("It begins")).to_have_count(2)
    return page


def test_one_column_stops_and_the_other_goes_on(page: Page, ollama: ScriptedOllama) -> None:
    begun(page)
    page.get_by_role("button", name="Stop", exact=True).first.click()
    expect(page.get_by_text("Stopped by you").first).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(1)
    ollama.let_go()
    ollama.let_go()
    expect(page.get_by_text("It begins and it ends.")).to_have_count(1)
    expect(page.get_by_text("It begins", exact=True)).to_have_count(1)


def test_a_refresh_in_the_middle_loses_nothing(page: Page, ollama: ScriptedOllama) -> None:
    begun(page)
    page.reload()
    expect(page.get_by_text("It begins")).to_have_count(2)
    ollama.let_go()
    ollama.let_go()
    expect(page.get_by_text("It begins and it ends.")).to_have_count(2)
    expect(page.get_by_role("table", name="Figures")).to_contain_text("eval_count")
    page.reload()
    expect(page.get_by_text("It begins and it ends.")).to_have_count(2)


def test_no_name_is_in_the_page_until_it_was_judged(page: Page, ollama: ScriptedOllama) -> None:
    begun(page, blind=True)
    ollama.let_go()
    ollama.let_go()
    expect(page.get_by_text("Which is better?").first).to_be_visible()
    page.reload()  # Nothing of the form that chose them is left then.
    expect(page.get_by_text("Which is better?").first).to_be_visible()
    source = page.content() + page.url
    assert not [name for name in NAMES if name.split(":")[0] in source]
    page.get_by_role("button", name="Equally good").click()
    page.get_by_role("button", name="Judge and show the names").click()
    expect(page.get_by_text("You found them equally good")).to_be_visible()
    for name in NAMES:
        expect(page.get_by_role("heading", name=name)).to_be_visible()


class TestOnAPhone:
    """One column is shown at a time, and what happens to the others is said."""

    @pytest.fixture
    def phone(self, page: Page) -> Page:
        begun(page, blind=True)
        page.set_viewport_size({"width": 390, "height": 844})
        return page

    def test_one_column_is_shown_while_all_of_them_grow(
        self, phone: Page, ollama: ScriptedOllama
    ) -> None:
        texts = phone.locator(".st-key-comparison .fr-analysis")
        first, second = (phone.get_by_role("radio", name=letter) for letter in "AB")
        states = phone.locator("p.fr-columns")
        expect(states).to_have_text("WritingWriting")
        expect(first).to_be_checked()
        expect(phone.get_by_role("heading", name="A", exact=True)).to_be_visible()
        expect(phone.get_by_role("heading", name="B", exact=True)).to_be_hidden()
        phone.get_by_role("group", name="Column shown").get_by_text("B").click()
        expect(phone.get_by_role("heading", name="B", exact=True)).to_be_visible()
        expect(phone.get_by_role("heading", name="A", exact=True)).to_be_hidden()
        expect(texts.locator("visible=true")).to_have_text(["It begins"])
        phone.get_by_role("button", name="Stop", exact=True).locator("visible=true").click()
        expect(states).to_have_text("WritingStopped by you")
        expect(second).to_be_checked()
        ollama.let_go()
        ollama.let_go()
        # The page is run anew at the end, and what was chosen stays.
        expect(phone.get_by_text("Which is better?")).to_be_visible()
        expect(states).to_have_text("FinishedStopped by you")
        expect(second).to_be_checked()
        second.press("ArrowLeft")
        expect(first).to_be_focused()
        expect(texts.locator("visible=true")).to_have_text(["It begins and it ends."])
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert not [name for name in NAMES if name.split(":")[0] in phone.content()]
        phone.set_viewport_size({"width": 1280, "height": 720})
        expect(texts.locator("visible=true")).to_have_count(2)
        expect(states).to_be_hidden()

    def test_it_is_accessible(self, phone: Page) -> None:
        phone.add_style_tag(content=STILL)
        phone.evaluate(AXE)
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            takes_on(phone, scheme)
            assert found(phone) == []


#: Longer than a screen, and no two paragraphs alike: what repeats itself is stopped.
LONG = sample()[1].decode()[:6000]


class TestVerdict:
    @pytest.fixture
    def ollama(self) -> Iterator[ScriptedOllama]:
        with playing(ScriptedOllama([Say(LONG), Done()], models=NAMES)) as server:
            yield server

    @pytest.fixture
    def ended(self, page: Page) -> Page:
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_text("Which is better?")).to_be_visible()
        return page

    def test_it_is_given_by_keys_but_not_while_something_is_written(self, ended: Page) -> None:
        reason, judge = ended.get_by_label("Why (optional)"), ended.get_by_role("button", name="J")
        ended.keyboard.press("1")
        expect(reason).to_be_visible()
        reason.press_sequentially("2e0j")
        expect(reason).to_have_value("2e0j")
        reason.press("Tab")
        expect(judge.last).to_be_focused()
        ended.keyboard.press("j")
        said = ended.get_by_role("status").filter(has_text="You preferred A")
        expect(said).to_contain_text("2e0j")

    @pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
    def test_it_stays_in_sight(self, ended: Page, width: int, height: int) -> None:
        ended.set_viewport_size({"width": width, "height": height})
        texts = ended.locator(".st-key-comparison .fr-analysis").locator("visible=true")
        texts.last.scroll_into_view_if_needed()
        expect(texts.first).not_to_be_in_viewport()
        choices = ended.locator("[class*=st-key-choose-] button")
        expect(choices).to_have_count(4)
        for choice in choices.all():
            expect(choice).to_be_in_viewport(ratio=1)


def test_nothing_that_the_app_sends_tells_a_model_until_it_was_judged(
    page: Page, ollama: ScriptedOllama
) -> None:
    frames: list[bytes] = []

    def received(payload: str | bytes) -> None:
        frames.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.reload()
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_enabled()
    begun(page, blind=True)
    page.goto(page.url.replace("/compare", "/library"))  # With the list of what is under way.
    expect(page.get_by_role("button", name="Comparison of", exact=False)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("It begins")).to_have_count(2)
    ollama.let_go()
    ollama.let_go()
    expect(page.get_by_text("Which is better?").first).to_be_visible()
    sources = page.content() + page.title() + page.url
    # The form is shown until the comparison has an address; its order is not that of the columns.
    first = next(number for number, one in enumerate(frames) if b"comparison=" in one)
    told = b"".join(frames[first:]) + sources.encode()
    assert b"It begins and it ends." in told, "the frames were not heard at all"
    digests = [str(one["digest"]) for one in ollama.models.models.values()]
    marks = [name.partition(":")[0] for name in NAMES] + [*MARKS, *digests]
    assert [mark for mark in marks if mark.encode() in told] == []
    assert b"tokens/s" not in told
    assert any(b"albatross" in one for one in frames[:first])
    heard = len(frames)
    page.get_by_role("button", name="Equally good").click()
    page.get_by_role("button", name="Judge and show the names").click()
    expect(page.get_by_role("heading", name=NAMES[0])).to_be_visible()
    assert any(b"albatross" in one for one in frames[heard:])


def test_two_models_of_a_real_server_write_side_by_side(
    new_page: Callable[..., Page], small_model_url: str, tmp_path: Path
) -> None:
    make_twin(small_model_url, tmp_path)
    try:
        with serving(small_model_url, model=MODEL) as address:
            page = new_page()
            page.goto(f"{address}/compare")
            text = "The ship sailed at dawn. Nobody on the quay had slept, and nobody waved."
            page.locator("input[type=file]").set_input_files(
                {"name": "ship.txt", "mimeType": "text/plain", "buffer": text.encode()}
            )
            page.get_by_role("combobox", name="Model B").click()
            page.get_by_role("option", name=TWIN).click()
            expect(page.get_by_text("The models run at the same time")).to_be_visible()
            page.get_by_text("Hide the names until you have judged").click()
            page.get_by_role("button", name="Compare", exact=True).click()
            columns = page.locator(".st-key-comparison [data-testid=stColumn]")
            for number in range(2):
                expect(columns.nth(number).locator(".fr-analysis").first).not_to_be_empty(
                    timeout=120_000
                )
            expect(columns.get_by_text("Writing", exact=True)).to_have_count(2)
            page.get_by_role("button", name="Stop all").click()
            expect(page.get_by_role("button", name="New comparison")).to_be_visible()
            expect(page.get_by_role("heading", name=TWIN)).to_be_visible()
    finally:
        remove_twin(small_model_url)

"""Pictures in a real browser: dropped, shown upright, looked at live, kept through a refresh."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Page, expect

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.pictures.making import halves, saved
from tests.scripting import playing


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    answer = [Say("A red sky"), Hold(), Say(" over a blue sea."), Done()]
    with playing(ScriptedOllama(answer, capabilities=["completion", "vision"])) as server:
        yield server


@pytest.fixture
def page(new_page: Callable[..., Page], ollama: ScriptedOllama) -> Iterator[Page]:
    with serving(ollama.url) as address:
        page = new_page()
        page.goto(f"{address}/pictures")
        heading = page.get_by_role("heading", name="Look at pictures")
        expect(heading).to_be_visible(timeout=60_000)  # The app starts.
        yield page


def sideways() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return saved(halves(400, 200), "JPEG", exif=exif)


def test_a_picture_is_looked_at_live_and_kept_through_a_refresh(
    page: Page, ollama: ScriptedOllama
) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "cover.jpg", "mimeType": "image/jpeg", "buffer": sideways()}
    )
    expect(page.get_by_text("Turned upright")).to_be_visible(timeout=30_000)  # In a new process.
    shown = page.locator(".st-key-pictures img")
    size = "one => one.complete && [one.naturalWidth, one.naturalHeight]"
    expect(shown).to_be_visible()
    page.wait_for_function(f"() => ({size})(document.querySelector('.st-key-pictures img'))")
    assert shown.evaluate(size) == [200, 400]
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_text("A red sky", exact=True)).to_be_visible()
    address = page.url
    assert "?picture=" in address
    page.reload()
    expect(page.get_by_text("A red sky", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    ollama.let_go()
    expect(page.get_by_text("A red sky over a blue sea.").last).to_be_visible()
    expect(page.get_by_role("button", name="Look", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Description of cover.jpg")).to_be_visible()
    chats = [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
    (image,) = chats[-1]["messages"][-1]["images"]
    assert Image.open(io.BytesIO(base64.b64decode(image))).size == (200, 400)
    page.get_by_role("button", name="Other pictures").click()
    expect(page.get_by_role("heading", name="Look at pictures")).to_be_visible()
    expect(page.get_by_text("A red sky over a blue sea.")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("A red sky over a blue sea.").last).to_be_visible()

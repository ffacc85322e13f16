"""What an editor sees: the real app, the real model, a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import ollama
import pytest
from playwright.sync_api import Page, expect

from components.manuscripts import sample

#: Milliseconds. A shared machine of two cores reads a chapter in 20 to 100 seconds.
READING = 300_000


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    """The first chapter of a novel, as a file."""
    name, data = sample()
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.fixture
def steady(ollama_url: str) -> Iterator[str]:
    """A variant of the small model that leaves nothing to chance."""
    name = "first-reader-steady:latest"
    greedy = {"temperature": 0.0, "seed": 1}
    with ollama.Client(ollama_url, trust_env=False) as client:
        client.create(model=name, from_="smollm2:135m", parameters=greedy, stream=False)
        yield name
        client.delete(name)


def open_upload(page: Page, url: str, path: Path) -> None:
    page.goto(url)
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_role("button", name=re.compile("^Analyse"))).to_be_enabled()
    if "/manuscript" in page.url:  # Its chapters are to be checked first.
        page.get_by_role("button", name="Analyse this manuscript").click()
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()


def written(page: Page) -> str:
    return "\n".join(page.locator(".fr-analysis").all_inner_texts())


def test_a_chapter_is_analysed_stopped_and_kept(
    new_page: Callable[..., Page], app_url: str, steady: str, upload: Path
) -> None:
    page = new_page()
    open_upload(page, app_url, upload)
    expect(page.get_by_role("heading", name="The Time Machine")).to_be_visible()
    expect(page.get_by_text("3,018 words")).to_have_count(1)
    expect(page.get_by_text("3,010 words")).to_have_count(1)  # Without title and heading.
    # Greedy, so that it writes the same each time: hundreds of tokens, enough to be stopped.
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=steady).click()
    page.get_by_role("button", name="Analyse").click()
    line = page.locator(".fr-stage")
    expect(line).to_contain_text(re.compile("Loading|Reading|Writing"))
    expect(page.locator(".fr-analysis").first).to_be_visible(timeout=READING)
    expect(line).to_contain_text("Writing")

    first = written(page)
    page.wait_for_function(
        "n => [...document.querySelectorAll('.fr-analysis')].map(e => e.innerText).join('').length"
        " > n + 20",
        arg=len(first),
    )
    assert begins(written(page), first)

    # A click elsewhere and a refresh interrupt nothing.
    page.get_by_text("Options", exact=True).click()
    page.reload()
    expect(line).to_contain_text("Writing")
    second = new_page()
    second.goto(page.url)
    expect(second.locator(".fr-stage")).to_contain_text("Writing")

    page.get_by_role("button", name="Stop").click()
    expect(line).to_contain_text("Stopped by you")
    expect(second.locator(".fr-stage")).to_contain_text("Stopped by you")
    kept = written(page)
    assert begins(kept, first)
    assert words(written(second)) == words(kept)
    expect(page.get_by_role("button", name="New analysis")).to_be_enabled()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "stopped before its end" in text
    assert words(kept) == words(text.split("---\n", 1)[1])


def begins(text: str, first: str) -> bool:
    """Whether `text` goes on from `first`, whose last words may have been half written."""
    start = words(first)[: len(words(first)) // 2]
    return words(text)[: len(start)] == start


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_statistics_are_shown_when_it_has_finished(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Anna went home. She found the letter and burnt it.\n" * 12, encoding="utf-8")
    open_upload(page, app_url, path)
    page.get_by_text("Instructions to the model: Storyteller").click()
    question = page.get_by_label("What the model is asked, after the manuscript")
    question.fill("Answer with one word.")
    question.press("Control+Enter")
    page.get_by_role("button", name="Analyse").click()
    figures = page.get_by_label("Statistics")
    expect(figures).to_contain_text("prompt_eval_count", timeout=READING)
    for term in ("done_reason", "eval_count", "load_duration", "prompt_eval_duration"):
        expect(figures).to_contain_text(term)
    for term in ("eval_duration", "total_duration", "Time to first token", "tokens/s"):
        expect(figures).to_contain_text(term)
    expect(figures).to_contain_text(re.compile(r"Finished \(stop\)|Ran out of room"))
    expect(figures).to_contain_text(re.compile(r"Context num_ctx\s*\d+% of [\d,]+"))


def test_a_text_that_does_not_fit_is_read_chapter_by_chapter(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    _, data = sample()
    path = tmp_path / "long.txt"
    body = data.decode().split("\n", 6)[-1]
    path.write_text(
        "".join(f"Chapter {number}\n\n{body}\n\n" for number in range(1, 6)), encoding="utf-8"
    )
    open_upload(page, app_url, path)
    expect(page.get_by_text(re.compile(r"Reads 5 chapters in \d+ steps"))).to_be_visible()
    way = page.get_by_text("How it is read", exact=True)
    expect(way).to_have_count(0)

    # A chapter fits: then both ways are offered.
    page.get_by_role("combobox", name="What to read").click()
    page.get_by_role("option", name="Only chapters that I choose").click()
    page.get_by_role("combobox", name="Chapters to read").click()
    page.get_by_role("option", name="Chapter 2").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("fits: about", re.IGNORECASE))).to_be_visible()
    expect(way).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_empty_page_fits_every_screen(
    new_page: Callable[..., Page], app_url: str, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(app_url)
    expect(page.get_by_role("heading", name="Read a manuscript")).to_be_visible()
    expect(page.get_by_text("Nothing leaves this computer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_broken_file_is_explained_and_the_page_goes_on(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of use")
    page.goto(app_url)
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_role("status").filter(has_text="This PDF is damaged")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "Traceback" not in page.content()
    page.get_by_role("button", name=re.compile("Try its first chapter")).click()
    expect(page.get_by_role("button", name="Analyse")).to_be_enabled()

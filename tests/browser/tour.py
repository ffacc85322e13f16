"""The pictures of docs/tour.md, taken of a real model at work.

`python -m tests.browser.tour --ollama http://127.0.0.1:11434 --model qwen2.5-coder:1.5b` takes them
anew, in some minutes, of the sample that the app ships.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from components.settings import PROJECT
from tests.browser.app_process import ARGUMENTS, chromium_path, serving

FOLDER = PROJECT / "docs" / "tour"

#: Milliseconds in which a small model on a slow computer reads the sample and answers.
LONG = 900_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ollama", metavar="ADDRESS", required=True)
    parser.add_argument("--model", required=True)
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with serving(given.ollama, model=given.model) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        walk(page, address)
        browser.close()


def walk(page: Page, address: str) -> None:
    """Walk through the app as the tour does."""
    page.goto(address)
    sample = page.get_by_role("button", name=re.compile("Try a sample"))
    expect(sample).to_be_visible()
    picture(page, "1-empty")

    sample.click()
    analyse = page.get_by_role("button", name="Analyse", exact=True)
    expect(analyse).to_be_enabled()
    picture(page, "2-form")
    analyse.click()
    text = page.locator(".st-key-analysis")
    expect(text).to_contain_text(re.compile(r"(\w+\W+){90}"), timeout=LONG)
    picture(page, "3-streaming")
    expect(page.get_by_role("button", name="New analysis")).to_be_visible(timeout=LONG)

    page.get_by_role("link", name="Manuscript", exact=True).click()
    page.get_by_text("At a glance", exact=True).click()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    picture(page, "4-glance")

    page.get_by_role("link", name="Analyse", exact=True).click()
    page.get_by_role("button", name="New analysis").click()
    page.get_by_text("Chapter by chapter", exact=True).click()
    expect(page.get_by_text(re.compile(r"Reads .+ in \d+ steps"))).to_be_visible()
    analyse.click()
    expect(page.get_by_text(re.compile("Complete:|Not complete"))).to_be_visible(timeout=LONG)
    expect(page.get_by_label("Totals")).to_be_visible()  # All of the page is of the end.
    picture(page, "5-report")

    page.get_by_role("link", name="Ask", exact=True).click()
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill("What colour were the eyes of the Time Traveller?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=LONG)
    picture(page, "6-ask")


def picture(page: Page, name: str) -> None:
    """Take a picture of what is seen, once the page has come to rest."""
    page.mouse.move(0, 0)
    page.wait_for_function("document.fonts.status === 'loaded'")
    expect(page.locator("[data-stale=true]:visible")).to_have_count(0)
    page.screenshot(path=Path(FOLDER / f"{name}.png"), animations="disabled")


if __name__ == "__main__":
    main()

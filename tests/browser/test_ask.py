"""Ask, as an editor sees it: a question, its citation, a follow-up, every chapter read for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.scripting import playing

BOOK = "\n\n".join(
    f"Chapter {number}\n\n{'They walked on, and it rained, and nobody spoke. ' * 40}\n\n{planted}"
    for number, planted in enumerate(
        ("Helen hid the key under the quince tree.", "It was late.", "Pieter sold the ferry."), 1
    )
)
WHERE, WHO = "Where did Helen hide the key?", "And who sold the ferry?"


def answer(*statements: str) -> list[Say | Done]:
    text = json.dumps({"statements": [{"statement": statement} for statement in statements]})
    return [*(Say(text[at : at + 20]) for at in range(0, len(text), 20)), Done()]


@pytest.fixture
def page(new_page: Callable[..., Page], tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "The Ferry.txt"
    file.write_text(BOOK, encoding="utf-8")
    lie = "Helen hid the key in a volcano near Naples."
    answers = [
        answer("Helen hid the key under the quince tree.", lie),
        answer("Pieter sold the ferry."),
    ]
    server = ScriptedOllama(answer("Helen hid the key."), answers=answers)
    with playing(server), serving(server.url) as address:
        page = new_page()
        page.goto(address)
        page.locator("input[type=file]").set_input_files(file)
        page.wait_for_url("**manuscript=*")
        page.goto(f"{address}/ask?{page.url.partition('?')[2]}")
        yield page


def asked(page: Page, question: str) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".fr-asked").get_by_text(question)).to_be_visible()


def test_a_citation_a_follow_up_and_every_chapter(page: Page) -> None:
    asked(page, WHERE)
    statement = page.locator(".fr-stated > p")
    expect(statement).to_have_count(1)
    expect(statement).to_contain_text("quince tree")
    statement.locator("a.fr-cite").click()
    marked = page.locator("mark:target")
    expect(marked).to_have_text("Helen hid the key under the quince tree.")
    expect(marked).to_be_in_viewport()
    expect(page.get_by_text("volcano")).to_be_hidden()
    page.locator(".fr-stated summary").click()
    expect(page.get_by_text("volcano")).to_be_visible()

    asked(page, WHO)
    expect(page.locator(".fr-stated > p")).to_have_count(2)
    second = page.locator(".fr-stated").nth(1)
    second.locator("a.fr-cite").click()
    expect(page.locator("mark:target")).to_have_text("Pieter sold the ferry.")

    page.get_by_role("button", name="Read every chapter for this").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 chapters")
    dialog.get_by_role("button", name="Read every chapter", exact=True).click()
    page.wait_for_url("**report=*")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(page.get_by_text(WHERE).first).to_be_visible()


def test_the_passage_opens_in_the_manuscript(page: Page) -> None:
    asked(page, WHERE)
    link = page.get_by_role("link", name="Open in the manuscript").first
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url("**/manuscript?*")
    expect(page.locator("mark").first).to_contain_text("quince tree")

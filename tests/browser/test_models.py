"""A model fetched in a real browser, by a real Ollama, from a registry that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from components.engine.private import OllamaProcess
from tests.browser.app_process import serving
from tests.registry import MEGABYTE, Registry, serving_models, weights


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving_models() as registry:
        yield registry


@pytest.fixture
def page(new_page: Callable[..., Page], empty_ollama: OllamaProcess) -> Iterator[Page]:
    """The models page over an Ollama that has none."""
    with serving(empty_ollama.url) as address:
        page = new_page()
        page.goto(f"{address}/models")
        expect(page.get_by_text("Models that suit this computer")).to_be_visible()
        yield page


def asked(page: Page, name: str) -> None:
    page.get_by_label("Get a model by its name").fill(name)
    page.get_by_label("Get a model by its name").press("Enter")


def test_a_model_is_fetched_canceled_gone_on_with_and_chosen(
    page: Page, registry: Registry
) -> None:
    name = registry.name()
    first, second, *_ = registry.add([weights(4 * MEGABYTE, seed=1), weights(6 * MEGABYTE, seed=2)])
    registry.hold(first, MEGABYTE)
    asked(page, name)
    bar = page.get_by_role("progressbar")
    expect(page.get_by_text("1 MB of 4 MB")).to_be_visible()
    expect(bar).to_have_attribute("aria-valuenow", "22")
    registry.hold(second, 3 * MEGABYTE)
    registry.let_go(first)
    expect(page.get_by_text("7 MB of 10 MB")).to_be_visible()
    expect(bar).to_have_attribute("aria-valuenow", "94")
    page.reload()  # The pull is the server's affair and not the page's.
    expect(page.get_by_text("7 MB of 10 MB")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("canceled. What was fetched is kept.")).to_be_visible()
    assert registry.gone.wait(30)
    registry.let_go()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("is here.")).to_be_visible()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert registry.sent(first) == 4 * MEGABYTE
    assert registry.sent(second) == 6 * MEGABYTE
    page.get_by_role("link", name="Analyse").click()
    expect(page.get_by_label("Model").first).to_have_value(f"{name} · 7B")


def test_a_model_that_is_not_there_is_said(page: Page, registry: Registry) -> None:
    name = registry.name("unicorn:1b")
    asked(page, name)
    expect(page.get_by_text(f"The registry has no model {name}.")).to_be_visible()
    expect(page.get_by_text("Check the name")).to_be_visible()

"""The bar at the head of each page that works on a manuscript: which is open, and another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from tests.measures.books import two_chapters
from tests.pages.actions import at, button_keys, clicked, html, keep_sample, pressed, query, run

PAGES = ("analyse", "manuscript", "compare", "ask")


def keep(title: str) -> str:
    return application().shelf().manuscripts.keep(replace(two_chapters(), title=title))


def opened(app: AppTest, page: str, manuscript_id: str) -> AppTest:
    app.switch_page(f"pages/{page}.py")
    app.query_params["manuscript"] = manuscript_id
    return run(app)


@pytest.mark.parametrize("page", PAGES)
def test_it_says_what_is_open_and_switches_on_that_page(app: AppTest, page: str) -> None:
    first, second = keep("The First"), keep("The Second")
    opened(app, page, first)
    assert app.title[0].value == "The First"
    assert "94 words · about 1 page · 2 chapters" in html(app)
    assert f"switch-to-{first}" not in button_keys(app)
    clicked(app, f"switch-to-{second}")
    assert app.title[0].value == "The Second"
    assert query(app, "manuscript") == second
    run(app)
    assert app.title[0].value == "The Second"


def test_what_is_switched_to_is_open_on_every_page(app: AppTest) -> None:
    first, second = keep("The First"), keep("The Second")
    for page in PAGES:
        opened(app, page, first)
    clicked(app, f"switch-to-{second}")
    for page in PAGES:
        at(app, page)
        assert app.title[0].value == "The Second"


def test_at_a_glance_stays_when_another_is_switched_to(app: AppTest) -> None:
    first, second = keep("The First"), keep("The Second")
    app.switch_page("pages/manuscript.py")
    app.query_params["view"] = "glance"
    opened(app, "manuscript", first)
    app.query_params["view"] = "glance"
    run(app)
    clicked(app, f"switch-to-{second}")
    assert query(app, "view") == "glance"
    assert app.title[0].value == "The Second"


@pytest.mark.parametrize("page", PAGES)
def test_another_is_uploaded(app: AppTest, page: str) -> None:
    opened(app, page, keep("The First"))
    pressed(app, "Upload another")
    assert app.get("file_uploader")
    assert "manuscript" not in app.query_params


def test_of_a_large_library_only_the_newest_are_listed(app: AppTest) -> None:
    kept = [keep(f"Book {number}") for number in range(40)]
    opened(app, "manuscript", kept[0])
    offered = [key for key in button_keys(app) if key.startswith("switch-to-")]
    assert sorted(offered) == sorted(f"switch-to-{one}" for one in kept[-6:])


def test_over_a_chat_it_goes_with_the_manuscript(app: AppTest) -> None:
    kept = keep_sample()
    opened(app, "ask", kept)
    app.chat_input[0].set_value("Who tells it?").run()
    assert app.title[0].value == "The Time Machine"
    assert app.header[0].value == "Who tells it?"
    application().shelf().manuscripts.delete(kept)
    run(app)
    assert app.title[0].value == "Ask"

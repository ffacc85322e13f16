"""The page's logic: what is shown of a book, what is opened, what is not shown and said so."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from components.application import application
from components.manuscripts import Manuscript
from components.measures.glance import LONGEST
from tests.measures.books import book, two_chapters
from tests.pages.actions import clicked, html, query, run

SHAPE = ["Words", "Dialogue", "Sentence length", "Reading ease"]


def keep(manuscript: Manuscript) -> str:
    return application().shelf().manuscripts.keep(manuscript)


def opened(app: AppTest, manuscript: Manuscript) -> tuple[AppTest, str]:
    manuscript_id = keep(manuscript)
    app.switch_page("pages/manuscript.py")
    app.query_params["manuscript"] = manuscript_id
    app.query_params["view"] = "glance"
    app.run()
    assert not app.exception
    return app, manuscript_id


def choose(app: AppTest, key: str, name: str) -> AppTest:
    app.button_group(key=key).set_value(name)
    return run(app)


def view(app: AppTest, name: str) -> AppTest:
    return choose(app, "glance-view", name)


def headings(app: AppTest) -> list[str]:
    return [one.value for one in app.header]


def test_it_is_a_view_of_the_manuscript_that_its_address_names(app: AppTest) -> None:
    manuscript_id = keep(two_chapters())
    app.switch_page("pages/manuscript.py")
    app.query_params["manuscript"] = manuscript_id
    app.run()
    assert headings(app) == ["Chapter 1"]
    choose(app, "manuscript-view", "glance")
    assert headings(app) == SHAPE
    assert query(app, "view") == "glance"
    app.run()
    assert headings(app) == SHAPE
    # Another page, and back.
    app.switch_page("pages/library.py").run()
    app.switch_page("pages/manuscript.py").run()
    assert headings(app) == SHAPE
    choose(app, "manuscript-view", "chapters")
    assert headings(app) == ["Chapter 1"]
    assert "view" not in app.query_params


def test_a_passage_leads_to_its_chapter(app: AppTest) -> None:
    manuscript, manuscript_id = two_chapters(), opened(app, two_chapters())[1]
    app.selectbox(key=f"glance-dialogue-chapter-{manuscript_id}").select(2).run()
    clicked(app, f"glance-dialogue-number-{manuscript_id}-read")
    start = manuscript.text.index("“What a storm!”")
    assert query(app, "at").startswith(f"{start}-")
    assert headings(app) == ["Chapter 2"]
    assert '<mark class="fr-at">“What a storm!”</mark>' in html(app)


def test_a_chapter_that_is_one_tale_in_quotation_marks_is_said_to_be(app: AppTest) -> None:
    said = "“I went to sea, and I saw the whale, and nobody believed me.” "
    told = "He went to sea and saw the whale, and “nobody believed him,” he said. "
    opened(app, book(("One", told * 30), ("Two", said * 30), ("Three", told * 30), language="en"))
    said_of = "Almost wholly in quotation marks"
    tales = next(line for line in html(app).splitlines() if said_of in line)
    assert "Two" in tales
    assert "One" not in tales


def test_the_shape_comes_first_with_the_figures_of_the_book(app: AppTest) -> None:
    opened(app, two_chapters())
    assert headings(app) == SHAPE
    assert "English · 2 chapters measured" in html(app)
    assert "94 words · " in html(app)  # in the bar
    assert "90 of 94 words" in html(app)
    # The chapters are too short for a figure of readability.
    assert len(app.get("vega_lite_chart")) == 3


def test_a_chapter_opens_its_passage(app: AppTest) -> None:
    _, manuscript_id = opened(app, two_chapters())
    assert "fr-passage" not in html(app)
    app.selectbox(key=f"glance-dialogue-chapter-{manuscript_id}").select(2).run()
    assert "<mark>“What a storm!”</mark>" in html(app)
    app.button(key=f"glance-dialogue-number-{manuscript_id}-on").click().run()
    assert "<mark>“I saw it at the end of the long day.”</mark>" in html(app)
    assert "2 of 2" in html(app)


def test_names_are_hidden_joined_and_parted(app: AppTest) -> None:
    _, manuscript_id = opened(app, two_chapters())
    view(app, "Names")
    key = f"glance-names-item-{manuscript_id}"
    assert app.selectbox(key=key).options == ["Mr. Marlow · 5", "Anna · 4", "Porthmere · 3"]
    app.multiselect(key=f"names-hide-{manuscript_id}").select("Porthmere").run()
    assert app.selectbox(key=key).options == ["Mr. Marlow · 5", "Anna · 4"]
    app.multiselect(key=f"names-join-{manuscript_id}").set_value(["Mr. Marlow", "Anna"]).run()
    app.button(key=f"names-do-join-{manuscript_id}").click().run()
    assert app.selectbox(key=key).options == ["Mr. Marlow · 9"]
    view(app, "Shape")
    view(app, "Names")
    assert app.selectbox(key=key).options == ["Mr. Marlow · 9"]
    app.button(key=f"names-part-{manuscript_id}").click().run()
    assert app.selectbox(key=key).options == ["Mr. Marlow · 5", "Anna · 4"]
    assert not app.exception


def test_a_phrase_is_stepped_through(app: AppTest) -> None:
    _, manuscript_id = opened(app, two_chapters())
    view(app, "Repetition")
    assert "1 of 3" in html(app)
    assert "<mark>at the end of the long day</mark>" in html(app)
    app.selectbox(key=f"glance-phrases-chapter-{manuscript_id}").select(2).run()
    assert "1 of 2" in html(app)
    assert "<mark>At the end of the long day</mark>" in html(app)


def test_what_does_not_hold_is_not_shown_and_said(app: AppTest) -> None:
    german = "Der Mann ging mit dem Hund in den Wald, und es war nicht das erste Mal. "
    opened(app, book(("", german * 20), language="de"))
    assert "Readability (LIX)" in headings(app)
    view(app, "Words")
    assert headings(app) == ["Favourite words", "Adverbs in -ly", "Filter words"]
    assert html(app).count("and this book is German") == 3
    assert not app.get("vega_lite_chart")


def test_a_script_without_spaces_is_not_counted(app: AppTest) -> None:
    opened(app, book(("", "ເຮືອມາຮອດຊ້າ. ຜູ້ຊາຍບໍ່ໄດ້ເວົ້າຫຍັງ. " * 20), language="lo"))
    assert not headings(app)
    assert "set apart by spaces" in app.info[0].value


def test_a_script_without_spaces_is_counted_in_characters(app: AppTest) -> None:
    opened(app, book(("", "「吾輩は猫である。」名前はまだ無い。" * 20)))
    assert "Dialogue" in headings(app)


def test_a_text_beyond_all_novels_is_said_to_be_too_long(app: AppTest) -> None:
    opened(app, replace(two_chapters(), text="word " * (LONGEST // 5 + 1), chapters=()))
    assert "5,000,000" in app.error[0].value
    assert not headings(app)


def test_a_manuscript_does_nothing_on_the_page(app: AppTest) -> None:
    harm = '<img src="http://example.org/x"> “<script>alert(1)</script>” he said. '
    _, manuscript_id = opened(app, book(("<b>One</b>", harm * 20), language="en"))
    app.selectbox(key=f"glance-words-chapter-{manuscript_id}").select(1).run()
    app.selectbox(key=f"glance-dialogue-chapter-{manuscript_id}").select(1).run()
    shown = html(app)
    assert "<img" not in shown
    assert "<script" not in shown
    assert "<b>One" not in shown
    assert "&lt;script&gt;" in shown

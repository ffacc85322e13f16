"""The manuscript page's logic: what is known, what an editor changes, where addresses lead."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from components.application import application
from components.errors import ImageOnly
from components.manuscripts import DEFAULT_LIMITS, Chapter, Footnote, Manuscript, outline_edits
from components.manuscripts.formats.pdf.ocr import HOW_WITHOUT
from components.manuscripts.manuscript import SignalVote
from components.reports import Permission, permission_of
from components.settings import PROJECT
from components.store import Outlined
from components.ui.analyse import upload_panel
from components.ui.shared.address import passage_address
from components.ui.shared.labels import plain
from tests.manuscripts.making import pdf
from tests.pages.actions import at, html, pressed, query, run

NUMBERS = range(1, 4)
TEXT = "\n\n".join(
    f"Chapter {number}\n\nThe sea <b>was</b> *grey* on day {number}.\n\nStorm\n\nNobody came."
    for number in NUMBERS
)
STARTS = [TEXT.index(f"Chapter {number}") for number in NUMBERS]


def sea(**changes: object) -> Manuscript:
    """Three numbered chapters, with what only some files say."""
    chapters = tuple(
        Chapter(
            index=number,
            heading=f"Chapter {number}",
            kind="chapter",
            start=start,
            end=end,
            words=len(TEXT[start + 11 : end].split()),
            number=number,
            heading_start=start,
            body_start=start + 11,
        )
        for number, start, end in zip(NUMBERS, STARTS, [*STARTS[1:], len(TEXT)], strict=True)
    )
    fields: dict[str, object] = {
        "title": "The Sea", "text": TEXT, "chapters": chapters, "source": "docx",
        "sha256": "a" * 64, "encoding": None, "page_count": None, "warnings": (),
        "author": "Ann Other", "language": "en-GB", "basis": "numbering", "confidence": 0.95,
    }  # fmt: skip
    return Manuscript(**fields | changes)  # type: ignore[arg-type]


def opened(app: AppTest, read: Manuscript | None = None, at: str = "") -> AppTest:
    kept = application().shelf().manuscripts.keep(read or sea())
    app.switch_page("pages/manuscript.py")
    app.query_params["manuscript"] = kept
    if at:
        app.query_params["at"] = at
    app.run()
    assert not app.exception
    return app


def outlined(app: AppTest) -> Outlined:
    return application().shelf().outlines.open(query(app, "manuscript"))


def headings(app: AppTest) -> list[str]:
    return [one.heading for one in outlined(app).manuscript.chapters]


def remembered(app: AppTest) -> str:
    """All that the session holds, the values of widgets included."""
    state = app.session_state._state._state
    values = [state._new_widget_state[key] for key in state._new_widget_state]
    return repr((state._old_state, state._new_session_state, values))


def test_what_is_known_of_a_file_is_said(app: AppTest) -> None:
    opened(app, sea(warnings=("One table was left out.",)))
    assert app.title[0].value == "The Sea"
    said = html(app)
    for fact in ("Ann Other", "English", "about 1 page", "3 chapters", "Word"):
        assert fact in said
    assert "1 to 3" in said
    assert [one.value for one in app.warning] == ["One table was left out."]
    assert app.header[0].value == "Chapter 1"


def test_the_votes_for_an_outline_are_said_with_their_weights(app: AppTest) -> None:
    votes = (SignalVote("contents", 4, 0.48), SignalVote("look", 10, 0.45))
    opened(app, sea(basis="lines", evidence=votes))
    said = html(app)
    for fact in ("4 (weight 0.48)", "10 (weight 0.45)"):
        assert fact in said


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "lines", "confidence": 0.9},
        {"basis": "structure", "confidence": 0.3},
        {"chapters": (), "basis": "none"},
        {"chapters": sea().chapters[::2]},
    ],
)
def test_an_outline_that_may_be_wrong_is_said_to_be(
    app: AppTest, changes: dict[str, object]
) -> None:
    opened(app, sea(**changes))
    assert len(app.info) == 1


@pytest.mark.parametrize(("page", "button"), [("analyse", "Analyse"), ("compare", "Compare")])
def test_an_upload_is_one_click_from_what_the_page_does(
    app: AppTest, page: str, button: str
) -> None:
    at(app, page)
    app.file_uploader[0].upload("sea.txt", TEXT.encode(), "text/plain")
    run(app)
    assert not next(one for one in app.button if one.label == button).disabled
    app.query_params.clear()
    at(app, "manuscript")
    assert len(headings(app)) == 3
    pressed(app, "Upload another")
    assert app.file_uploader


@pytest.mark.parametrize(("words", "lands"), [(2_000, "Analyse"), (20_000, "Split")])
def test_a_text_without_chapters_leads_here_where_it_is_longer_than_one(
    app: AppTest, words: int, lands: str
) -> None:
    app.file_uploader[0].upload("sea.txt", b"It was grey. " * (words // 3), "text/plain")
    run(app)
    assert [one for one in app.button if one.label == lands] or lands in app.info[0].value


@pytest.mark.parametrize("page", ["analyse", "compare"])
def test_an_upload_leads_here_where_the_chapters_are_to_be_checked(app: AppTest, page: str) -> None:
    at(app, page)
    unsure = TEXT.replace("Chapter 2", "Chapter 4").encode()
    app.file_uploader[0].upload("sea.txt", unsure, "text/plain")
    run(app)
    assert app.header[0].value.startswith("Chapter 1")
    assert "please check" in app.info[0].value


def test_from_here_to_the_analysis_and_back(app: AppTest) -> None:
    kept = query(opened(app), "manuscript")
    pressed(app, "Analyse this manuscript")
    assert any(one.label == "Analyse" for one in app.button)
    assert query(app, "manuscript") == kept
    app.switch_page("pages/analyse.py").run()
    app.switch_page("pages/manuscript.py").run()
    assert app.header[0].value == "Chapter 1"


def test_any_id_will_do(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.store.manuscripts.secrets.token_urlsafe", lambda _: "_a__b_")
    opened(app)
    assert query(app, "manuscript") == "_a__b_"
    assert app.header[0].value == "Chapter 1"


def test_renaming(app: AppTest) -> None:
    opened(app, at=str(STARTS[1]))
    app.text_input[-1].input("The Calm")
    pressed(app, "Rename it")
    assert headings(app) == ["Chapter 1", "The Calm", "Chapter 3"]
    assert app.header[0].value == "The Calm"


def test_the_title(app: AppTest) -> None:
    opened(app)
    app.text_input[0].input("The Ocean")
    pressed(app, "Change the title")
    assert app.title[0].value == "The Ocean"


def labelled(app: AppTest, label: str) -> TextInput:
    (found,) = [one for one in app.text_input if one.label == label]
    return found


def test_the_permission_of_the_author_is_noted_changed_and_taken_back(app: AppTest) -> None:
    opened(app)
    shelf = application().shelf()
    (stored,) = shelf.manuscripts.all()
    labelled(app, "Given by").input("Jane Doe")
    app.date_input[0].set_value(date(2026, 11, 1))
    labelled(app, "For").input("local models")
    pressed(app, "Note the permission")
    noted = Permission("Jane Doe", "2026-11-01", "local models")
    assert permission_of(shelf, stored.id) == noted
    assert labelled(app, "Given by").value == "Jane Doe"
    labelled(app, "Given by").input("")
    app.date_input[0].set_value(None)
    labelled(app, "For").input("")
    pressed(app, "Note the permission")
    assert permission_of(shelf, stored.id) is None


def test_merging_undoing_and_doing_again(app: AppTest) -> None:
    opened(app, at=str(STARTS[2]))
    pressed(app, "Merge with the one before")
    assert headings(app) == ["Chapter 1", "Chapter 2"]
    assert app.header[0].value == "Chapter 2"
    assert outlined(app).manuscript.basis == "editor"
    pressed(app, "Undo")
    assert outlined(app).manuscript == sea()
    pressed(app, "Redo")
    assert headings(app) == ["Chapter 1", "Chapter 2"]
    pressed(app, "As the file was read")
    assert outlined(app).manuscript == sea()


def test_the_first_chapter_cannot_be_merged(app: AppTest) -> None:
    opened(app)
    assert next(one for one in app.button if one.key == "merge").disabled


def test_splitting_at_a_heading_that_was_not_found(app: AppTest) -> None:
    opened(app, at=str(STARTS[1]))
    pressed(app, "Split")
    assert next(one for one in app.button if one.label == "Split here").disabled
    app.session_state["split-at"] = TEXT.index("Storm", STARTS[1])
    app.run()
    assert app.text_input(key=f"split-heading-{TEXT.index('Storm', STARTS[1])}").value == "Storm"
    pressed(app, "Split here")
    assert headings(app) == ["Chapter 1", "Chapter 2", "Storm", "Chapter 3"]
    assert app.header[0].value == "Storm"


def test_what_is_split_off_is_called_as_the_editor_says(app: AppTest) -> None:
    opened(app, at=str(STARTS[1]))
    pressed(app, "Split")
    app.session_state["split-at"] = at = TEXT.index("Nobody", STARTS[1])
    app.run()
    field = app.text_input(key=f"split-heading-{at}")
    assert field.value == "Chapter 2 (2)"
    field.input(" ").run()
    assert next(one for one in app.button if one.label == "Split here").disabled
    app.text_input(key=f"split-heading-{at}").input("The Calm").run()
    pressed(app, "Split here")
    assert headings(app) == ["Chapter 1", "Chapter 2", "The Calm", "Chapter 3"]


def test_a_text_without_chapters_can_be_given_some(app: AppTest) -> None:
    opened(app, sea(chapters=(), basis="none", confidence=0.0))
    pressed(app, "Split")
    app.session_state["split-at"] = STARTS[2]
    app.run()
    pressed(app, "Split here")
    assert headings(app) == ["The Sea", "Chapter 3"]


def test_marking(app: AppTest) -> None:
    opened(app)
    next(one for one in app.selectbox if one.label == "What it is").set_value("front")
    app.run()
    assert not app.exception
    assert outlined(app).manuscript.chapters[0].kind == "front"
    assert "2 chapters" in html(app)


@pytest.mark.parametrize("label", ["Rename it", "Merge with the one before", "Split"])
def test_another_window_was_first(app: AppTest, label: str) -> None:
    opened(app, at=str(STARTS[1]))
    kept, outlines = query(app, "manuscript"), application().shelf().outlines
    theirs = outline_edits.rename(outlines.open(kept).manuscript, 1, "Theirs")
    outlines.change(kept, theirs, done="Renamed", since=0)
    app.text_input[-1].input("Mine")
    pressed(app, label)
    assert len(app.warning) == 1
    assert headings(app) == ["Theirs", "Chapter 2", "Chapter 3"]
    # And now that they are seen, they can be changed.
    pressed(app, "Merge with the one before")
    assert headings(app) == ["Theirs", "Chapter 3"]
    assert not app.warning


def test_a_passage_has_an_address_that_marks_it(app: AppTest) -> None:
    start = TEXT.index("Nobody", STARTS[1])
    at = f"{start}-{start + 6}"
    assert passage_address("ID", start, start + 6) == f"./manuscript?manuscript=ID&at={at}"
    opened(app, at=at)
    assert app.header[0].value == "Chapter 2"
    assert '<mark class="fr-at">Nobody</mark> came.' in html(app)
    assert passage_address("ID", start) == f"./manuscript?manuscript=ID&at={start}"
    opened(app, at=str(start))
    assert '<mark class="fr-at">Nobody came.</mark>' in html(app)
    assert query(app, "at") == str(start)


@pytest.mark.parametrize("at", ["99999999", "x", "5-2", "-1", "1-"])
def test_an_address_of_no_place_is_said(app: AppTest, at: str) -> None:
    opened(app, at=at)
    assert app.info
    assert app.header[0].value == "Chapter 1"


def test_the_text_is_shown_and_never_taken_for_markup(app: AppTest) -> None:
    start = TEXT.index("grey", STARTS[0])
    read = sea(notes=(Footnote("A note on <i>grey</i>.", start + 4),), title="A <b>title</b> *x*")
    opened(app, read)
    said = html(app)
    assert "The sea &lt;b&gt;was&lt;/b&gt; *grey<sup>1</sup>* on day 1." in said
    assert "A note on &lt;i&gt;grey&lt;/i&gt;." in said
    assert "<h3>Chapter 1</h3>" in said
    assert "<b>was" not in said
    assert app.title[0].value == r"A \<b\>title\</b\> \*x\*"


def test_breaks_between_scenes(app: AppTest) -> None:
    text = "Chapter 1\n\nOne.\n\n* * *\n\nTwo.\n\nThree."
    three = text.index("Three")
    one = Chapter(
        index=1, heading="Chapter 1", kind="chapter", start=0, end=len(text), words=6,
        number=1, body_start=11, scenes=(text.index("Two"), three),
    )  # fmt: skip
    opened(app, sea(text=text, chapters=(one,)))
    assert '<p class="fr-scene">* * *</p><p>Two.</p><hr><p>Three.</p>' in html(app)


def test_a_long_chapter_is_shown_a_page_at_a_time(app: AppTest) -> None:
    text = "\n\n".join(f"{number}. " + "word " * 40 for number in range(1_000)).strip()
    opened(app, sea(text=text, chapters=(), basis="none"))
    assert "0. word" in html(app)
    assert "999. word" not in html(app)
    seen = html(app)
    for _ in range(10):
        if not any(one.label == "Further on in this chapter" for one in app.button):
            break
        pressed(app, "Further on in this chapter")
        seen += html(app)
    assert all(f"<p>{number}. word" in seen for number in range(1_000))
    pressed(app, "Earlier in this chapter")


def test_without_a_manuscript_it_is_where_to_drop_one(app: AppTest) -> None:
    app.switch_page("pages/manuscript.py").run()
    assert app.get("file_uploader")
    pressed(app, "Try its first chapter")
    assert app.title[0].value == "The Time Machine"


def test_a_password_is_asked_for_in_place_and_kept_nowhere(app: AppTest) -> None:
    app.switch_page("pages/manuscript.py").run()
    data = pdf(
        [["Chapter 1", "The sea was grey that day, and nobody came."]], password="open-sesame"
    )
    app.file_uploader[0].upload("sea.pdf", data, "application/pdf")
    app.run()
    assert "password" in app.info[0].value.lower()
    assert not app.error  # To be asked is no mistake.
    app.text_input[0].input("not-this-one")
    pressed(app, "Open the file")
    assert "password" in app.info[0].value.lower()
    assert "not-this-one" not in remembered(app)
    app.text_input[0].input("open-sesame")
    pressed(app, "Open the file")
    assert "password" not in "".join(one.value.lower() for one in app.info)
    assert "grey" in outlined(app).manuscript.text
    assert "open-sesame" not in remembered(app)


def test_a_refused_file_leaves_everything_as_it_was(app: AppTest) -> None:
    opened(app)
    kept = query(app, "manuscript")
    pressed(app, "Upload another")
    app.file_uploader[0].upload("broken.pdf", b"%PDF-1.7\nnothing", "application/pdf")
    app.run()
    assert "damaged" in app.info[0].value
    assert "other manuscripts" not in app.info[0].value  # Nothing could have been lost.
    pressed(app, "The Sea")
    assert query(app, "manuscript") == kept
    assert not app.info


def test_an_old_word_file_is_refused_in_words_that_are_seen(app: AppTest) -> None:
    app.switch_page("pages/manuscript.py").run()
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    app.file_uploader[0].upload("sea.doc", old, "application/msword")
    app.run()
    assert ".docx" in app.info[0].value


def test_another_file_can_be_dropped_at_once(app: AppTest) -> None:
    app.switch_page("pages/manuscript.py").run()
    app.file_uploader[0].upload("broken.pdf", b"%PDF-1.7\nnothing", "application/pdf")
    app.run()
    assert app.info
    app.file_uploader[0].set_value(("sea.txt", TEXT.encode(), "text/plain"))
    app.run()
    assert not app.exception
    assert len(headings(app)) == 3


def test_what_the_browser_lets_through_is_what_is_read() -> None:
    config = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert f"maxUploadSize = {DEFAULT_LIMITS.file_bytes // 1024**2}\n" in config


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name, which is enough to be offered."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_read_with_text_recognition_where_there_is_any(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def recognised(data: bytes, *, ocr: bool, **more: object) -> Manuscript:
        asked.append(ocr)
        if not ocr:
            raise ImageOnly("This PDF was scanned.")
        return sea(source="pdf", page_count=3)

    monkeypatch.setattr(upload_panel, "read", recognised)
    app.switch_page("pages/manuscript.py").run()
    app.file_uploader[0].upload("scan.pdf", b"%PDF-1.7", "application/pdf")
    app.run()
    assert "scanned" in app.info[0].value
    pressed(app, "Read the pictures with text recognition")
    assert asked == [False, True]
    assert len(headings(app)) == 3
    pressed(app, "Upload another")
    app.toggle(key="ocr").set_value(True)
    app.file_uploader[0].upload("scan.pdf", b"%PDF-1.7", "application/pdf")
    app.run()
    assert asked == [False, True, True]


def test_without_text_recognition_it_is_said_what_to_do(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    app.switch_page("pages/manuscript.py").run()
    assert not app.toggle
    app.file_uploader[0].upload("scan.pdf", pdf([None, None]), "application/pdf")
    app.run()
    assert plain(HOW_WITHOUT) in app.info[0].value
    assert not [one for one in app.button if "recognition" in one.label]


def test_pages_are_counted_while_they_are_read(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    read = upload_panel.read

    def watched(data: bytes, *, on_progress: Callable[[int, int], None], **more: Any) -> Manuscript:
        def progress(done: int, pages: int) -> None:
            seen.append(f"{done} of {pages}")
            on_progress(done, pages)

        return read(data, on_progress=progress, **more)

    monkeypatch.setattr(upload_panel, "read", watched)
    app.switch_page("pages/manuscript.py").run()
    data = pdf([[f"Chapter {number}", "The sea was grey that day."] for number in NUMBERS])
    app.file_uploader[0].upload("sea.pdf", data, "application/pdf")
    app.run()
    assert not app.exception
    assert seen[-1] == "3 of 3"
    assert "grey" in outlined(app).manuscript.text

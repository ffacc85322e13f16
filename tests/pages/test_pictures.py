"""The picture page's logic: what is sent, what is refused, what is kept and found again."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import ExifTags, Image
from streamlit.testing.v1 import AppTest

from components.application import application
from components.errors import ModelCannot
from components.store import State
from tests.doubles.scripted_ollama import Done, Hold, Refuse, Say, ScriptedOllama
from tests.pages.actions import clicked, html, keep_sample, latest, run, started, until
from tests.pictures.making import bomb, halves, saved


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(
        [Say("A red "), Say("sky."), Done()], capabilities=["completion", "vision"]
    )


@pytest.fixture
def page(app: AppTest) -> AppTest:
    app.switch_page("pages/pictures.py")
    return run(app)


def photo() -> bytes:
    """A photo that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "SECRETCAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (52.0, 31.0, 12.0)
    return saved(halves(2000, 1000), "JPEG", exif=exif)


def chosen(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return run(app)


def sent(ollama: ScriptedOllama) -> dict[str, object]:
    """The last message of the last chat."""
    chats = [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
    last: dict[str, object] = chats[-1]["messages"][-1]
    return last


def test_the_empty_page_says_what_to_do(page: AppTest) -> None:
    assert page.get("file_uploader")
    assert page.button(key="look").disabled


def test_a_picture_is_sent_as_it_was_encoded_anew(page: AppTest, ollama: ScriptedOllama) -> None:
    chosen(page, ("cover.jpg", photo()))
    shown = html(page)
    assert "Turned upright" in shown
    assert "1,000 × 2,000 to 800 × 1,600 pixels" in shown
    clicked(page, "look")
    message = sent(ollama)
    (image,) = message["images"]
    data = base64.b64decode(image)
    assert b"SECRETCAMERA" not in data
    received = Image.open(io.BytesIO(data))
    assert (received.format, received.size) == ("JPEG", (800, 1600))
    assert not received.getexif()
    assert str(message["content"]).startswith("Describe each picture")
    assert "A red sky." in html(page)
    assert "eval_count" in html(page)
    assert page.title[0].value == "Description of cover.jpg"
    assert page.query_params["picture"] == latest().id
    (kept,) = application().shelf().analyses.pictures(latest().id)
    assert (kept.name, kept.data) == ("cover.jpg", data)


def test_several_pictures_and_a_question_of_ones_own(page: AppTest, ollama: ScriptedOllama) -> None:
    chosen(page, ("a.png", saved(halves())), ("b.webp", saved(halves(), "WEBP")))
    page.pills(key="picture-preset-new").set_value("picture-transcribe")
    run(page)
    assert page.text_area(key="picture-prompt-picture-transcribe-new").value.startswith(
        "Transcribe"
    )
    page.text_area(key="picture-prompt-picture-transcribe-new").set_value("Which is older?")
    run(page)
    clicked(page, "look")
    message = sent(ollama)
    assert len(message["images"]) == 2
    assert message["content"] == "Which is older?"
    assert latest().name == "Discussion of 2 pictures"


def test_does_this_cover_fit_this_book(page: AppTest, ollama: ScriptedOllama) -> None:
    chosen(page, ("cover.png", saved(halves())))
    page.pills(key="picture-preset-new").set_value("picture-fit")
    run(page)
    assert page.button(key="look").disabled
    assert page.info
    manuscript_id = keep_sample()
    run(page)
    assert page.selectbox(key="picture-book-new").value == manuscript_id
    clicked(page, "look")
    message = sent(ollama)
    assert len(message["images"]) == 1
    assert "The Time Traveller" in str(message["content"])
    assert str(message["content"]).splitlines()[-1].startswith("Does this cover fit this book?")
    analysis = latest()
    assert page.selectbox(key=f"picture-book-{analysis.id}").value == manuscript_id
    assert analysis.question.manuscript_id == manuscript_id
    assert analysis.name == "Fit of cover.png with the whole manuscript"


class TestALongBook:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(context=4096, capabilities=["completion", "vision"])

    def test_pictures_count_and_nothing_is_cut(self, page: AppTest) -> None:
        keep_sample()  # 2,700 tokens by estimate: it would fit alone.
        chosen(page, ("cover.png", saved(halves())))
        page.pills(key="picture-preset-new").set_value("picture-fit")
        run(page)
        assert page.warning


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"It was a dark and stormy night.", "no picture"),
        (bomb(20_000, 5_000), "million"),
        (photo()[:3000], "damaged"),
        (saved(Image.new("L", (3, 3))), "3 × 3"),
    ],
)
def test_a_file_that_is_refused_is_explained_and_the_others_go(
    page: AppTest, data: bytes, said: str
) -> None:
    chosen(page, ("bad.png", data), ("good.png", saved(halves())))
    assert said in page.error[0].value
    assert "bad" in page.error[0].value
    assert not page.button(key="look").disabled
    clicked(page, "look")
    assert latest().question.pictures == 1


def test_too_many_are_refused(page: AppTest) -> None:
    chosen(page, *[(f"{number}.png", saved(halves())) for number in range(9)])
    assert "9 pictures" in page.error[0].value
    assert page.button(key="look").disabled


def test_what_was_chosen_stays_while_another_page_is_shown(page: AppTest) -> None:
    chosen(page, ("cover.png", saved(halves())))
    page.switch_page("pages/models.py")
    run(page)
    page.switch_page("pages/pictures.py")
    run(page)
    assert "cover.png" in html(page)
    assert not page.button(key="look").disabled
    clicked(page, "other-pictures")
    assert "cover.png" not in html(page)
    assert page.button(key="look").disabled


def test_it_is_found_again(page: AppTest) -> None:
    chosen(page, ("cover.png", saved(halves())))
    clicked(page, "look")
    first = latest()
    clicked(page, "other-pictures")
    assert "A red sky." not in html(page)
    clicked(page, f"earlier-{first.id}")
    assert "A red sky." in html(page)
    second_window = started()
    second_window.switch_page("pages/pictures.py")
    second_window.query_params["picture"] = first.id
    assert "A red sky." in html(run(second_window))
    assert page.title[0].value == "Description of cover.png"
    clicked(page, "look")
    assert latest().id != first.id
    assert latest().question.pictures == 1


def test_an_address_that_names_nothing(page: AppTest) -> None:
    page.query_params["picture"] = "gone"
    run(page)
    assert page.warning


def test_the_library_has_it_without_a_manuscript(page: AppTest) -> None:
    chosen(page, ("cover.png", saved(halves())))
    clicked(page, "look")
    page.switch_page("pages/library.py")
    run(page)
    assert page.header[0].value == "Without a manuscript"
    clicked(page, f"open-{latest().id}")
    assert page.title[0].value == "Description of cover.png"
    assert "A red sky." in html(page)


def test_another_model_is_asked_with_the_same_pictures(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    chosen(page, ("cover.png", saved(halves())))
    clicked(page, "look")
    first = latest()
    page.switch_page("pages/library.py")
    run(page)
    clicked(page, f"manage-{first.id}")
    next(one for one in page.button if one.label == "Ask").click()
    run(page)
    assert latest().id != first.id
    assert len(sent(ollama)["images"]) == 1
    assert page.query_params["picture"] == latest().id


def test_the_analyse_page_does_not_list_it(page: AppTest) -> None:
    manuscript_id = keep_sample()
    chosen(page, ("cover.png", saved(halves())))
    page.pills(key="picture-preset-new").set_value("picture-fit")
    run(page)
    clicked(page, "look")
    page.switch_page("pages/analyse.py")
    page.query_params["manuscript"] = manuscript_id
    run(page)
    assert page.title[0].value == "The Time Machine"
    assert not [one for one in page.button if str(one.key).startswith("earlier-")]


class TestUnderWay:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("Red."), Hold(), Done()], capabilities=["completion", "vision"])

    def test_stop_keeps_the_text(self, page: AppTest, ollama: ScriptedOllama) -> None:
        running = application()
        shelf = running.shelf()
        chosen(page, ("cover.png", saved(halves())))
        ollama.let_go()
        clicked(page, "look")
        again = running.jobs.submit(
            shelf, latest().question, pictures=shelf.analyses.pictures(latest().id)
        )
        until(again, State.WRITING)
        running.jobs.stop(shelf, again.id)
        until(again, State.STOPPED)
        page.query_params["picture"] = again.id
        run(page)
        assert "(canceled)" in html(page)
        assert page.button(key="again")


class TestNoModelSees:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(capabilities=["completion"])

    def test_it_is_said_what_one_is_and_where_to_get_it(self, page: AppTest) -> None:
        assert any("sees pictures" in one.value for one in page.info)
        assert not page.get("file_uploader")
        assert not [one for one in page.selectbox if one.key == "model"]
        next(one for one in page.button if one.label == "Get a model that sees").click()
        run(page)
        assert page.title[0].value == "Models"


class TestOnlyThoseThatSee:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        server = ScriptedOllama(models=["text:1b", "seeing:4b"], capabilities=["completion"])
        server.models.models["seeing:4b"]["capabilities"] = ["completion", "vision"]
        return server

    def test_others_are_not_offered(self, app: AppTest) -> None:
        app.selectbox(key="model").set_value("text:1b")
        run(app)
        app.switch_page("pages/pictures.py")
        run(app)
        model = app.selectbox(key="model")
        assert model.value == "seeing:4b"
        assert [one.split(" ")[0] for one in model.options] == ["seeing:4b"]

    def test_one_that_no_longer_sees_is_refused_before_anything_is_sent(
        self, app: AppTest, ollama: ScriptedOllama
    ) -> None:
        app.switch_page("pages/pictures.py")
        chosen(run(app), ("cover.png", saved(halves())))
        ollama.models.models["seeing:4b"]["capabilities"] = ["completion"]
        running = application()
        clicked(app, "look")
        assert not [body for path, body in ollama.requests if path == "/api/chat"]
        if not running.shelf().analyses.all():  # The page saw it first.
            assert any("sees pictures" in one.value for one in app.info)
            return
        assert isinstance(latest().error, ModelCannot)


def test_an_error_is_explained_and_can_be_asked_again(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    ollama.answers.append((Refuse(500, {"error": "it fell"}),))
    chosen(page, ("cover.png", saved(halves())))
    clicked(page, "look")
    assert "it fell" in page.error[0].value
    clicked(page, "again")
    assert len(sent(ollama)["images"]) == 1
    assert latest().state is State.DONE

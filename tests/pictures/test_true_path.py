"""Pictures through the whole app to a real Ollama with a model that really takes them in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import ollama
import pytest

from components.analysis import picture_question
from components.application import Application
from components.engine import Call, Finished, Message, Model, Options, Text
from components.engine.private.pins import MODEL
from components.errors import ModelCannot
from components.pictures import prepare
from components.scripting.analyze import follow
from components.settings import Settings
from components.store import CallOutcome, QuestionPicture, State
from tests.engine.calls import engine_at, run_call
from tests.pictures.making import halves, saved
from tests.vision import PICTURE_TOKENS, VISION, make_vision_model, remove_vision_model

OPTIONS = Options(num_predict=12, temperature=0.0, seed=1)


@pytest.fixture(scope="module")
def seeing(ollama_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Ollama that has the tiny model."""
    names = [one["name"] for one in httpx.get(f"{ollama_url}/api/tags").json()["models"]]
    if MODEL not in names:
        pytest.skip(f"this Ollama has no {MODEL}")
    make_vision_model(ollama_url, tmp_path_factory.mktemp("vision"))
    yield ollama_url
    remove_vision_model(ollama_url)


@pytest.fixture
def app(seeing: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("OLLAMA_HOST", seeing)
    running = Application(Settings.from_environment())
    running.start()
    assert running.wait_connected(60)
    yield running
    running.close()


def model_of(app: Application, name: str) -> Model:
    return next(one for one in app.models()[0] if one.name == name)


def asked(app: Application, name: str, *pictures: QuestionPicture) -> tuple[CallOutcome, list[str]]:
    """Look at `pictures`, through queue, worker and store; the outcome and its pieces."""
    model = model_of(app, name)
    question = picture_question(
        pictures, "What is this?", model, OPTIONS, count=app.token_counter(model)
    )
    analysis = app.jobs.submit(app.shelf(), question, pictures=pictures)
    pieces: list[str] = []

    def heard(entry: object) -> None:
        event = getattr(entry, "event", None)
        if isinstance(event, Text):
            pieces.append(event.text)

    return follow(app, analysis, on_entry=heard), pieces


def a_picture(name: str = "cover.png") -> QuestionPicture:
    prepared = prepare(saved(halves(300, 200)), name=name)
    return QuestionPicture(prepared.name, prepared.data)


def test_the_server_says_that_the_model_sees(app: Application) -> None:
    with ollama.Client(host=app.host().url, trust_env=False) as client:
        assert "vision" in (client.show(VISION).capabilities or [])
        assert "vision" not in (client.show(MODEL).capabilities or [])
    names = [one.name for one in app.models("vision")[0]]
    assert VISION in names
    assert MODEL not in names


def test_pictures_are_read_token_by_token_and_the_answer_is_streamed(app: Application) -> None:
    one, pieces = asked(app, VISION, a_picture())
    assert one.state is State.DONE
    assert one.statistics is not None
    assert one.text == "".join(pieces)
    assert one.statistics.eval_count == OPTIONS.num_predict
    assert one.statistics.received > 1  # Parts of the stream; the journal may join them.
    two, _ = asked(app, VISION, a_picture("front.png"), a_picture("back.png"))
    assert two.statistics is not None
    assert two.statistics.prompt_eval_count is not None
    more = two.statistics.prompt_eval_count - (one.statistics.prompt_eval_count or 0)
    assert more == PICTURE_TOKENS


def test_a_picture_is_more_than_none(seeing: str) -> None:
    async def counted(*images: bytes) -> int:
        message = Message("user", "What is this?", images)
        async with engine_at(seeing) as engine:
            events, error = await run_call(engine, Call(VISION, (message,), OPTIONS))
        assert error is None
        assert isinstance(events[-1], Finished)
        return events[-1].statistics.prompt_eval_count or 0

    without = asyncio.run(counted())
    assert asyncio.run(counted(a_picture().data)) == without + PICTURE_TOKENS


def test_the_model_sees_which_picture_it_is(app: Application) -> None:
    """Nonsense, but other nonsense for another picture: the pixels reach the weights."""
    red, _ = asked(app, VISION, a_picture())
    other = prepare(saved(halves(300, 200).rotate(90, expand=True)), name="b")
    blue, _ = asked(app, VISION, QuestionPicture("b", other.data))
    assert red.text != blue.text


def test_a_model_without_eyes_is_refused_before_anything_is_sent(app: Application) -> None:
    outcome, pieces = asked(app, MODEL, a_picture())
    assert outcome.state is State.FAILED
    assert isinstance(outcome.error, ModelCannot)
    assert str(outcome.error) == f"{MODEL} cannot see pictures."
    assert outcome.error.advice
    assert pieces == []
    assert outcome.statistics is None
    assert outcome.num_ctx is None  # Not even the model was loaded for it.

"""One question to a manuscript or to pictures, asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.analysis import (
    DESCRIBE,
    FIT,
    Beside,
    Lens,
    ask,
    lens,
    lenses,
    picture_question,
    suited_lens,
    title_of,
    with_schema,
)
from components.application import Application, own_lenses
from components.engine import Model, Options, Text
from components.errors import (
    ModelNotFound,
    OllamaUnavailable,
    SettingsError,
    UnknownLens,
)
from components.manuscripts import Manuscript, read
from components.pictures import check_count, prepare
from components.scripting.checked_options import checked_options
from components.scripting.follow import follow, result
from components.settings import Settings
from components.store import JournalEntry, PromptInputs, Question, QuestionPicture

#: Seconds in which Ollama is found, or started.
_FOUND_SECONDS = 120.0


@contextmanager
def running() -> Iterator[Application]:
    """Run the app's parts in this process; what pages have queued is left to them.

    What is asked is kept in the same library as the page's. Raises: FirstReaderError.
    """
    app = Application(Settings.from_environment(), only_own=True)
    app.start()
    try:
        if not app.wait_connected(_FOUND_SECONDS):
            raise OllamaUnavailable("Ollama does not answer.")
        app.host()
        yield app
    finally:
        app.close()


def analyze_file(
    path: str | Path,
    *,
    model: str | None = None,
    prompt: str | None = None,
    lens: str | None = None,
    options: Mapping[str, Any] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Read a manuscript with `model` and return the response with Ollama's fields.

    Without `model` it is the one that was chosen last, or else the largest that fits this computer;
    the result names it. What is asked is `prompt`, or the lens called `lens`, or the storyteller's
    analysis; `options` are Ollama's, by its names; `on_text` is called with each piece as it
    arrives. Durations are nanoseconds, counts tokens.
    Raises: OSError, ManuscriptError, LensError, SettingsError, EngineError, StoreError;
    ContextExceeded where the text is too long for the model: nothing is ever cut.
    """
    asked = to_ask(prompt, lens)
    chosen = checked_options(options or {})
    manuscript = open_file(path)
    with running() as app:
        question = about(app, manuscript, model, asked, chosen)
        return _answered(app, question, (), on_text)


def analyze_pictures(
    paths: Sequence[str | Path],
    *,
    model: str | None = None,
    prompt: str | None = None,
    manuscript: str | Path | None = None,
    options: Mapping[str, Any] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Have `model` look at pictures and return the response with Ollama's fields.

    Without `model` it is one that sees, as for `analyze_file`. Without `prompt` they are described
    or, with the file of a `manuscript`, compared with the whole of it. What is sent is encoded anew
    and holds nothing but pixels.
    Raises: OSError, PictureError, ManuscriptError, SettingsError, EngineError, StoreError;
    ModelCannot where the model does not see pictures, before anything is sent.
    """
    pictures = open_pictures(paths)
    book = open_file(manuscript) if manuscript is not None else None
    with running() as app:
        question = about_pictures(
            app, pictures, book, model, prompt, checked_options(options or {})
        )
        return _answered(app, question, pictures, on_text)


def open_pictures(paths: Sequence[str | Path]) -> tuple[QuestionPicture, ...]:
    """Read the files of pictures as models may get them. Raises: OSError, PictureError."""
    check_count(len(paths))
    prepared = [prepare(Path(path).read_bytes(), name=Path(path).name) for path in paths]
    return tuple(QuestionPicture(one.name, one.data) for one in prepared)


def open_file(path: str | Path) -> Manuscript:
    """Read a manuscript's file. Raises: OSError, ManuscriptError."""
    path = Path(path)
    return read(path.read_bytes(), name=path.name)


def known_lenses() -> tuple[Lens, ...]:
    """Return the editor's own lenses, then those that come with First Reader.

    The first of a name is the one that is asked. Raises: SettingsError, LensError.
    """
    return (*own_lenses(Settings.from_environment()).all(), *lenses())


def to_ask(prompt: str | None, name: str | None) -> Lens:
    """Return what is asked: `prompt`, or the lens called `name`, or the storyteller's analysis.

    Raises: UnknownLens, which lists those that there are; LensError; SettingsError, of an empty
    prompt too.
    """
    if name is not None:
        if prompt is not None:
            raise SettingsError("A lens and a prompt were given.", advice="Give one of them.")
        known = known_lenses()
        for one in known:
            if one.name == name:
                return one
        names = ", ".join(dict.fromkeys(one.name for one in known))
        raise UnknownLens("There is no lens of that name.", advice=f"There are: {names}.")
    if prompt is None:
        return lens()
    prompt = _written(prompt)
    return Lens("", title_of(prompt, lenses()), prompt)


def _written(prompt: str) -> str:
    """Return a prompt without the space around it. Raises: SettingsError, where there is no more.

    A script whose variable is empty would otherwise have an analysis that nobody asked for.
    """
    if not prompt.strip():
        raise SettingsError(
            "The prompt is empty.",
            advice="Write what the model is asked, or leave the prompt out for the usual question.",
        )
    return prompt.strip()


def about(
    app: Application, manuscript: Manuscript, name: str | None, asked: Lens, options: Options
) -> Question:
    """Return the question to the whole of a manuscript, which is kept in the library.

    The model is as `find` says. The schema of `asked`, where it has one, is the format unless
    `options` say another. Raises: ModelNotFound, ModelCannot, EngineError, StoreError.
    """
    model = find(app, name)
    asked = suited_lens(asked, model)
    question = Question(
        manuscript_id=app.shelf().manuscripts.keep(manuscript),
        title=manuscript.title,
        scope="the whole manuscript",
        ranges=((0, len(manuscript.text)),),
        words=manuscript.words,
        tokens=0,
        lens=asked.title,
        prompt=asked.prompt,
        model=model.name,
        digest=model.digest,
        options=with_schema(app.suited(options, model), asked.schema),
    )
    call = ask(question, PromptInputs(manuscript))
    return replace(question, tokens=app.token_counter(model)(call.prompt))


def about_pictures(
    app: Application,
    pictures: Sequence[QuestionPicture],
    manuscript: Manuscript | None,
    name: str | None,
    prompt: str | None,
    options: Options,
) -> Question:
    """Return the question to pictures, and to the whole of a manuscript, which is then kept.

    Raises: SettingsError, ModelNotFound, ModelCannot, EngineError, StoreError.
    """
    usual = lens(FIT if manuscript is not None else DESCRIBE).prompt
    asked = _written(usual if prompt is None else prompt)
    model = find(app, name, "vision")
    beside = None
    if manuscript is not None:
        beside = Beside(
            manuscript_id=app.shelf().manuscripts.keep(manuscript),
            manuscript=manuscript,
            scope="the whole manuscript",
            ranges=((0, len(manuscript.text)),),
            words=manuscript.words,
        )
    count = app.token_counter(model)
    suited = app.suited(options, model)
    return picture_question(pictures, asked, model, suited, beside=beside, count=count)


def find(app: Application, name: str | None, capability: str = "completion") -> Model:
    """Return the model called `name`, which can write and has `capability`.

    Without a name it is the one that was chosen last, on the page, or else the largest that fits
    this computer. Raises: ModelNotFound; ModelCannot, which names one that can; EngineError.
    """
    models, _ = app.models(capability)
    best = app.ranked(models, app.shelf().preferences.model(capability))
    if name is None:
        if not best:
            raise ModelNotFound("Ollama has no model that can do this.")
        return best[0]
    wanted = {name, f"{name}:latest"}
    for model in models:
        if model.name in wanted:
            return model
    advice = f"Choose {best[0].name}, which can." if best else None
    for model in (model for _, models in app.installed() for model in models):
        if model.name in wanted:
            for needed in ("completion", capability):
                model.require(needed, advice=advice)
    names = ", ".join(model.name for model in best)
    advice = f"There are: {names}." if best else None
    raise ModelNotFound(f"Ollama does not have the model {name}, or may not use it.", advice=advice)


def _answered(
    app: Application,
    question: Question,
    pictures: Sequence[QuestionPicture],
    on_text: Callable[[str], None] | None,
) -> dict[str, Any]:
    """Ask, wait for the end and return the result. Raises: what it failed with."""
    analysis = app.submit(question, pictures=pictures)
    outcome = follow(app, analysis, on_entry=lambda entry: _say(entry, on_text))
    if outcome.error is not None:
        raise outcome.error
    return result(analysis, outcome)


def _say(entry: JournalEntry, on_text: Callable[[str], None] | None) -> None:
    if on_text is not None and isinstance(entry.event, Text):
        on_text(entry.event.text)

"""One question to a manuscript or to pictures, asked and answered."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

from components.analysis import (
    DESCRIBE,
    FIT,
    Lens,
    Subject,
    ask,
    lens,
    lenses,
    picture_question,
    question_about,
    question_pictures,
    suited_lens,
    title_of,
    with_schema,
)
from components.application import Application, own_lenses
from components.engine import Model, Options, Text
from components.errors import ModelNotFound, OllamaUnavailable, SettingsError, UnknownLens
from components.manuscripts import Manuscript, read
from components.reports import subject_of
from components.settings import Settings
from components.store import (
    Analysis,
    CallOutcome,
    JournalEntry,
    PromptInputs,
    Question,
    QuestionPicture,
)

#: Seconds for quote Ollama, or for starting it.
_CONNECT_SECONDS = 120.0

#: The longest wait for new entries of a journal, in seconds.
_WAIT_SECONDS = 1.0

#: What each type of an option is called, as `Options` writes it, and whether a value is of it.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "int": ("a whole number", lambda value: type(value) is int),
    "float": ("a number", lambda value: type(value) in (int, float) and isfinite(value)),
    "str": ("text", lambda value: type(value) is str),
    "bool": ("true or false", lambda value: type(value) is bool),
    "tuple[str, ...]": (
        "a list of texts",
        lambda value: type(value) in (list, tuple) and all(type(item) is str for item in value),
    ),
    "None": ("", lambda value: value is None),
}


@contextmanager
def running() -> Iterator[Application]:
    """Run the app in this process, for its own analyses; those that pages queued are left to them.

    Analyses are stored in the same library as the page's. Raises: FirstReaderError.
    """
    app = Application(Settings.from_environment(), only_own=True)
    app.start()
    try:
        if not app.wait_connected(_CONNECT_SECONDS):
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
    the result names it. The question is `prompt`, or the lens called `lens`, or the storyteller's
    analysis; `options` are Ollama's, by its names; `on_text` is called with each piece as it
    arrives. Durations are nanoseconds, counts tokens.
    Raises: OSError, ManuscriptError, LensError, SettingsError, EngineError, StoreError;
    ContextExceeded where the text is too long for the model: nothing is ever cut.
    """
    chosen_lens, chosen_options = to_ask(prompt, lens), checked_options(options or {})
    manuscript = open_file(path)
    with running() as app:
        question = about(app, manuscript, model, chosen_lens, chosen_options)
        return _answer(app, question, (), on_text)


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
    or, with the file of a `manuscript`, compared with the whole of it. Pictures are encoded anew,
    so that nothing but pixels is sent.
    Raises: OSError, PictureError, ManuscriptError, SettingsError, EngineError, StoreError;
    ModelCannot where the model does not see pictures, before anything is sent.
    """
    pictures = open_pictures(paths)
    book = open_file(manuscript) if manuscript is not None else None
    with running() as app:
        chosen = checked_options(options or {})
        question = about_pictures(app, pictures, book, model, prompt, chosen)
        return _answer(app, question, pictures, on_text)


def open_pictures(paths: Sequence[str | Path]) -> tuple[QuestionPicture, ...]:
    """Read the files of pictures as models may get them. Raises: OSError, PictureError."""
    return question_pictures([(Path(path).name, Path(path).read_bytes) for path in paths])


def open_file(path: str | Path) -> Manuscript:
    """Read a manuscript's file. Raises: OSError, ManuscriptError."""
    path = Path(path)
    return read(path.read_bytes(), name=path.name)


def known_lenses(owner: str = "") -> tuple[Lens, ...]:
    """Return the own lenses of `owner`, then those that come with First Reader.

    Of several with one name the first counts. Raises: SettingsError, LensError.
    """
    return (*own_lenses(Settings.from_environment(), owner).all(), *lenses())


def to_ask(prompt: str | None, name: str | None, owner: str = "") -> Lens:
    """Return the question: `prompt`, or the lens called `name`, or the storyteller's analysis.

    Raises: UnknownLens, which lists those that there are; LensError; SettingsError, also for an
    empty prompt.
    """
    if name is None:
        text = None if prompt is None else _text(prompt)
        return lens() if text is None else Lens("", title_of(text, lenses()), text)
    if prompt is not None:
        raise SettingsError("A lens and a prompt were given.", advice="Give one of them.")
    known = {lens.name: lens for lens in reversed(known_lenses(owner))}
    if name not in known:
        names = ", ".join(reversed(known))
        raise UnknownLens("There is no lens of that name.", advice=f"There are: {names}.")
    return known[name]


def _text(prompt: str) -> str:
    """Return a prompt without the space around it. Raises: SettingsError, where it is empty.

    A script whose variable is empty would otherwise have an analysis that nobody asked for.
    """
    if not prompt.strip():
        raise SettingsError(
            "The prompt is empty.",
            advice="Write what the model is asked, or leave the prompt out for the usual question.",
        )
    return prompt.strip()


def about(
    app: Application,
    manuscript: Manuscript,
    name: str | None,
    asked: Lens,
    options: Options,
    *,
    chapters: Sequence[int] = (),
    owner: str = "",
) -> Question:
    """Return the question to these chapters of a manuscript, which is stored, or to all of it.

    The model is found by `find`. The schema of the lens `asked`, where it has one, is the format
    unless `options` say another. Raises: SettingsError, where there is no such chapter;
    ModelNotFound, ModelCannot, EngineError, StoreError.
    """
    model = find(app, name, owner=owner)
    asked = suited_lens(asked, model)
    subject = whole(app, manuscript, owner)
    if chapters:  # As the editor has them.
        stored = app.shelf(owner).manuscripts.get(subject.manuscript_id)
        subject = subject_of(subject.manuscript_id, stored, known_chapters(stored, chapters))
    options = with_schema(app.suited(options, model), asked.schema)
    question = question_about(subject, model, options, lens=asked.title, prompt=asked.prompt)
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
    """Return the question to pictures, and to the whole of a manuscript, which is then stored.

    Raises: SettingsError, ModelNotFound, ModelCannot, EngineError, StoreError.
    """
    usual = lens(FIT if manuscript is not None else DESCRIBE).prompt
    text = _text(usual if prompt is None else prompt)
    model = find(app, name, "vision")
    beside = None if manuscript is None else whole(app, manuscript)
    count, suited = app.token_counter(model), app.suited(options, model)
    return picture_question(pictures, text, model, suited, beside=beside, count=count)


def whole(app: Application, manuscript: Manuscript, owner: str = "") -> Subject:
    """Return the whole of a manuscript, which is stored."""
    return subject_of(app.shelf(owner).manuscripts.keep(manuscript), manuscript)


def known_chapters(manuscript: Manuscript, chapters: Iterable[int]) -> tuple[int, ...]:
    """Return these chapters in order. Raises: SettingsError, where there is no such chapter."""
    unknown = set(chapters) - {chapter.index for chapter in manuscript.chapters}
    if unknown:
        most = len(manuscript.chapters)
        counted = f"The chapters are counted from 1 to {most}." if most else "It has no chapters."
        raise SettingsError(f"There is no chapter {min(unknown)}.", advice=counted)
    return tuple(sorted(chapters))


def models(app: Application) -> list[dict[str, Any]]:
    """Return the models of all servers as JSON can hold them. Raises: EngineError."""
    return [
        {
            "name": model.name,
            "host": host.url,
            "parameters": model.parameter_size,
            "quantization": model.quantization_level,
            "size": model.size,
            "context": model.context_length,
            "capabilities": sorted(model.capabilities),
            "writes": model.can("completion"),
            "loaded": model.loaded is not None,
            "cloud": model.remote_host if model.is_cloud else None,
        }
        for host, installed in app.installed()
        for model in installed
    ]


def find(
    app: Application, name: str | None, capability: str = "completion", owner: str = ""
) -> Model:
    """Return the model called `name`, which can write and has `capability`.

    Without a name it is the one that was chosen last on the page, or else the largest that fits
    this computer. Raises: ModelNotFound; ModelCannot, which names one that can; EngineError.
    """
    models, _ = app.models(capability)
    best = app.ranked(models, app.shelf(owner).preferences.model(capability))
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


def checked_options(values: Mapping[str, Any]) -> Options:
    """Return the options of these names and values.

    A `stop` may be one text, a `keep_alive` a number of seconds, a `format` the value of a schema.
    Raises: SettingsError, for an unknown name or a value of another type.
    """
    types = {field.name: str(field.type) for field in fields(Options)}
    unknown = values.keys() - types.keys()
    if unknown:
        raise SettingsError(
            f"There is no option {', '.join(sorted(unknown))}.",
            advice=f"There are: {', '.join(types)}.",
        )
    checked = dict(values)
    if isinstance(checked.get("stop"), str):
        checked["stop"] = [checked["stop"]]
    _, is_number = _KINDS["float"]
    if is_number(checked.get("keep_alive")):
        checked["keep_alive"] = str(checked["keep_alive"])
    if isinstance(checked.get("format"), dict):
        checked["format"] = json.dumps(checked["format"])
    for name, value in checked.items():
        kinds = [_KINDS[kind] for kind in types[name].split(" | ")]
        if not any(is_of(value) for _, is_of in kinds):
            wanted = " or ".join(kind for kind, _ in kinds if kind)
            raise SettingsError(
                f"The option {name} cannot have this value.", advice=f"Give it {wanted}."
            )
    try:
        return Options.of(checked)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"An option cannot be understood: {error}.") from error


def follow(
    app: Application,
    analysis: Analysis,
    *,
    on_entry: Callable[[JournalEntry], None] | None = None,
    on_look: Callable[[CallOutcome], None] | None = None,
) -> CallOutcome:
    """Wait until the analysis has ended and return its outcome.

    `on_entry` is called with each entry of its journal; `on_look` with the outcome so far, once a
    second or more often. Raises: StoreError.
    """
    outcome, seq = CallOutcome(), 0
    while not outcome.state.has_ended:
        for entry in app.store.journal.after(analysis.call_id, seq, timeout=_WAIT_SECONDS):
            seq = entry.seq
            outcome.add(entry)
            if on_entry is not None:
                on_entry(entry)
        if on_look is not None:
            on_look(outcome)
    return outcome


def result(analysis: Analysis, outcome: CallOutcome) -> dict[str, Any]:
    """Return the outcome of an analysis as JSON can hold it; what Ollama did not say is None."""
    figures: dict[str, Any] = {}
    if outcome.statistics is not None:
        figures = asdict(outcome.statistics)
        figures["tokens_per_second"] = outcome.statistics.tokens_per_second
    return {
        **figures,
        "model": analysis.question.model,
        "title": analysis.question.title,
        "state": outcome.state.value,
        "response": outcome.text,
        "thinking": outcome.thoughts,
        "error": str(outcome.error) if outcome.error else None,
        "kind": type(outcome.error).__name__ if outcome.error else None,
        "analysis": analysis.id,
    }


def _answer(
    app: Application,
    question: Question,
    pictures: Sequence[QuestionPicture],
    on_text: Callable[[str], None] | None,
) -> dict[str, Any]:
    """Ask, wait for the end and return the result. Raises: the error that ended it."""

    def show(entry: JournalEntry) -> None:
        if on_text is not None and isinstance(entry.event, Text):
            on_text(entry.event.text)

    analysis = app.jobs.submit(app.shelf(), question, pictures=pictures)
    outcome = follow(app, analysis, on_entry=show)
    if outcome.error is not None:
        raise outcome.error
    return result(analysis, outcome)

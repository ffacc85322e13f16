"""How the page says things: figures and states in an editor's words, Ollama's term beside them."""

from collections import Counter
from datetime import datetime
from html import escape

from components import manuscripts
from components.errors import FirstReaderError, StoreError, StoreFull
from components.export import formatting
from components.export.formatting import plural
from components.export.stages import StageText, ending, seconds, speed, stage_name, term_of
from components.languages import isolated, length, length_of
from components.store import CallOutcome, State
from components.ui.shared.html_tables import Html, html

__all__ = ["ending", "length", "length_of", "plural", "seconds", "speed", "stage_name", "term_of"]

_STATES = {
    State.QUEUED: "waiting",
    State.CONTACTING: "contacting Ollama",
    State.LOADING: "loading the model",
    State.READING: "reading",
    State.WRITING: "writing",
    State.STOPPING: "stopping",
    State.DONE: "finished",
    State.STOPPED: "stopped by you",
    State.FAILED: "failed",
    State.INTERRUPTED: "interrupted",
}


def state(value: State, error: FirstReaderError | None = None) -> str:
    """Say what a call does or how it ended: "loading the model", "repeated itself, stopped"."""
    return formatting.problem(error) or _STATES[value]


def report_state(steps: Counter[State]) -> str:
    """Say what a report does or how it ended, in the same words for every model."""
    if any(state.is_running for state in steps):
        return "Reading"
    if steps[State.FAILED] or steps[State.INTERRUPTED]:
        return "Incomplete" if steps[State.DONE] else "Failed"
    if steps[State.STOPPED]:
        return "Stopped by you"
    return "Waiting for its turn" if steps[State.QUEUED] else "Finished"


def facts(*values: str) -> str:
    """Join what is known of something in one line; empty values are left out."""
    return " · ".join(isolated(value) for value in values if value)


def language_name(tag: str) -> str:
    """Say a language (BCP 47), and where nothing tests that books in it are read rightly."""
    name = manuscripts.language_name(tag)
    return name if not tag or manuscripts.is_tested(tag) else f"{name} (not tested)"


def shortened(text: str, length: int) -> str:
    """Return `text`, cut to `length` characters with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def line(text: str, kind: str = "fr-quiet") -> Html:
    """Return a line as HTML, in small type unless `kind` names other classes."""
    return Html(f'<p class="{kind}">{html(text)}</p>')


def nanoseconds(value: int | None) -> str | None:
    """Say a duration that Ollama gave in nanoseconds; None stays None."""
    return None if value is None else seconds(value / 1_000_000_000)


def size(value: int) -> str:
    """Say a number of bytes, in powers of ten as Ollama does: "12 KB", "98 MB", "4.7 GB"."""
    if value >= 1_000_000_000:
        return f"{value / 1_000_000_000:.1f} GB"
    if value >= 1_000_000:
        return f"{value / 1_000_000:.0f} MB"
    return f"{value / 1_000:.0f} KB"


def oldest(count: int) -> str:
    """Say which exchanges of a chat: "the oldest exchange", "the 3 oldest exchanges"."""
    return "the oldest exchange" if count == 1 else f"the {count:,} oldest exchanges"


def date(value: datetime) -> str:
    """Say a day and a time of this computer's: "23 November 2026, 20:15"."""
    local = value.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def room(tokens: int, limit: int | None, model: str = "the model") -> str:
    """Say how a text that fits stands to a model's context, by estimate."""
    if limit is None:
        return f"about {tokens:,} tokens"
    return f"about {min(tokens / limit, 1.0):.0%} of what {model} reads at once"


def gauge(share: float) -> str:
    """Draw as HTML how full something is, 0 to 1; the words beside it say the same."""
    return f'<div class="fr-gauge" aria-hidden="true"><div style="width:{share:.1%}"></div></div>'


def plain(text: str) -> str:
    """Escape what Streamlit's markdown would make of titles and messages from elsewhere."""
    for mark in "\\`*_[]<>$#~|:":
        text = text.replace(mark, f"\\{mark}")
    return isolated(text)


def stage(said: StageText) -> str:
    """Return as HTML what a call does, or how it ended."""
    text = " · ".join([f"<b>{escape(said.what)}</b>", *map(escape, said.facts)])
    kind = "fr-stage fr-live" if said.is_live else "fr-stage"
    return f'<p class="{kind}" role="status">{text}</p>'


def nameless(outcome: CallOutcome) -> str:
    """Say in a word or two what happens now, without what would tell which model it is.

    Which model must be loaded first, which thinks, and which has too little room are such things;
    how fast the text itself grows cannot be hidden.
    """
    names = {
        State.QUEUED: "Waiting",
        State.CONTACTING: "Reading the manuscript",
        State.LOADING: "Reading the manuscript",
        State.READING: "Reading the manuscript",
        State.WRITING: "Writing",
        State.STOPPING: "Stopping",
        State.FAILED: "Failed",
    }
    return names.get(outcome.state) or ending(outcome)


def unwritten(problem: StoreError, folder: str | None, *, is_stopped: bool) -> str:
    """Say as HTML why what is written is in memory only, that it is kept, and what to do.

    `folder` is where it is to be kept, None where that is a server's business.
    """
    goes = "It was stopped." if is_stopped else "The analysis goes on."
    said = (
        f"{goes} What is not shown yet is held in memory and will be written as soon as that is "
        "possible; leave First Reader running until then."
    )
    if isinstance(problem, StoreFull) and folder is not None:
        said += f" Free space on the disk of {folder}."
    return f'<p class="fr-cut" role="alert"><b>{escape(str(problem))}</b> {escape(said)}</p>'

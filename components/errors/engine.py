"""Ollama, its models, and the way to it."""

from __future__ import annotations

from components.errors.base import FirstReaderError


class EngineError(FirstReaderError):
    """Ollama, or the way to it, failed."""


class OllamaUnavailable(EngineError):
    """There is no Ollama server to talk to."""

    default_advice = (
        "Install Ollama and start it, or set OLLAMA_HOST to the address of a server you run."
    )


class SetupFailed(EngineError):
    """The private Ollama could not be made."""

    default_advice = OllamaUnavailable.default_advice


class ConnectionLost(EngineError):
    """The server went away in the middle of an answer."""

    default_advice = "Check that Ollama is still running, then run the analysis again."


class StreamStalled(EngineError):
    """The server stopped sending in the middle of an answer."""

    default_advice = "The server may be out of memory: run again, or choose a smaller model."


class BadResponse(EngineError):
    """The server's answer is not Ollama's protocol."""

    default_advice = "Check that the address is that of an Ollama server, then run again."


class ModelNotFound(EngineError):
    """The server does not have the model that was asked for."""

    default_advice = "Choose another model, or install this one in Ollama."


class ModelCannot(EngineError):
    """The model cannot do what was asked: write, see pictures, think."""

    default_advice = "Choose a model that can; the page Models says what each can do."


class CloudModelRefused(EngineError):
    """The model would send the manuscript to another machine."""

    default_advice = "Choose a model that runs on this computer."


class ServerBusy(EngineError):
    """What was asked would take from the analyses that run or wait what the server holds for them.

    Nothing was done.
    """

    default_advice = "Wait until what runs or waits is done, or stop it first."


class ModelError(EngineError):
    """What was asked of the models cannot be done."""


class PullFailed(EngineError):
    """A model could not be fetched, or not completely."""

    default_advice = "Try again: what was fetched is kept."


class PullLost(PullFailed):
    """A model could not be fetched, and a part of it that had come must be fetched again."""

    default_advice = "Try again."


class UnknownModel(PullFailed):
    """The registry has no model of that name."""

    default_advice = "Check the name; Ollama’s library lists those that there are."


class NoUse(EngineError):
    """The model answered, and the answer is no use; asked once more it may be."""


class AnswerRefused(NoUse):
    """The answer is not what was asked for: no JSON, or not what the schema says."""

    default_advice = "Run this step again, or choose a model that keeps to a form."


class ModelRepeated(NoUse):
    """The model wrote the same again and again, until it was stopped."""

    default_advice = (
        "What was written is kept. Try again, which asks with a higher repeat penalty, or choose "
        "a larger model."
    )


class ModelRefused(NoUse):
    """The answer is a refusal: the model says that it cannot, or will not, answer."""

    default_advice = (
        "What was written is kept. Try again, which asks it to answer from the text, or choose "
        "another model."
    )


class WrongLanguage(NoUse):
    """The answer is in another language than the one asked for."""

    default_advice = (
        "What was written is kept. Try again, which names the language, or choose another model."
    )


class ContextExceeded(EngineError):
    """The text does not fit the model's context; nothing was cut, nothing was generated.

    `needed` and `available` are tokens, both counted by the server.
    """

    default_advice = "Choose chapters that fit, or a model with a longer context."

    def __init__(self, needed: int, available: int, *, advice: str | None = None) -> None:
        super().__init__(
            f"This text needs {needed:,} of {available:,} tokens: it is too long for the model.",
            advice=advice,
        )
        self.needed = needed
        self.available = available


class ServerError(EngineError):
    """Any other error that the server reports; `status_code` is HTTP's, or None in mid-stream."""

    default_advice = "Run again; if it happens again, choose another model or look at Ollama's log."

    def __init__(self, message: str, *, status_code: int | None, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.status_code = status_code

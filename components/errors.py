"""Every exception that First Reader raises on purpose.

    FirstReaderError
    ├── SettingsError
    ├── ManuscriptError
    │   ├── EmptyFile
    │   ├── UnsupportedType
    │   ├── PasswordRequired
    │   │   └── WrongPassword
    │   ├── ImageOnly
    │   ├── DamagedFile
    │   ├── LimitReached
    │   └── OtherManuscript
    ├── PictureError
    │   ├── NotAPicture
    │   ├── DamagedPicture
    │   ├── PictureTooLarge
    │   ├── PictureTooSmall
    │   └── TooManyPictures
    ├── EngineError
    │   ├── OllamaUnavailable
    │   ├── SetupFailed
    │   ├── ConnectionLost
    │   ├── StreamStalled
    │   ├── BadResponse
    │   ├── ModelNotFound
    │   ├── ModelCannot
    │   ├── CloudModelRefused
    │   ├── ModelError
    │   ├── PullFailed
    │   │   ├── PullLost
    │   │   └── UnknownModel
    │   ├── NoUse
    │   │   ├── AnswerRefused
    │   │   ├── ModelRepeated
    │   │   ├── ModelRefused
    │   │   └── WrongLanguage
    │   ├── ContextExceeded
    │   ├── ServerBusy
    │   └── ServerError
    ├── StoreError
    │   ├── StoreUnavailable
    │   ├── StoreFull
    │   ├── StoreDamaged
    │   │   └── StoreEmpty
    │   ├── RecordUnreadable
    │   └── StoreTooNew
    ├── LensError
    │   └── UnknownLens
    └── JobError
        ├── UnknownAnalysis
        ├── UnknownManuscript
        ├── OutlineChanged
        ├── IllegalTransition
        └── LeaseLost

Each carries two sentences for an editor: the message says what happened, `advice` what to do next.
Exceptions of libraries (httpx, ollama, pypdf, sqlalchemy, ...) are turned into these at the
boundary of the package that uses the library, never further up.
"""

from typing import TypeVar


class FirstReaderError(Exception):
    """Something went wrong that we can explain.

    `str(error)` says what happened in an editor's words; `advice` says what to do next. Neither
    ever holds text of a manuscript, so that both may be logged.
    """

    #: What to do next, unless the code that raises says something better.
    default_advice = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.advice = self.default_advice if advice is None else advice


E = TypeVar("E", bound=FirstReaderError)


def kinds(of: type[E]) -> dict[str, type[E]]:
    """Return `of` and every exception of this module below it, by name."""
    found = {of.__name__: of}
    for lower in of.__subclasses__():
        if lower.__module__ == __name__:
            found |= kinds(lower)
    return found


class SettingsError(FirstReaderError):
    """A setting cannot be understood."""


# Uploaded files: manuscripts and pictures.


class ManuscriptError(FirstReaderError):
    """A file cannot be read as a manuscript."""


class EmptyFile(ManuscriptError):
    """The file holds no text at all."""

    default_advice = "Check that this is the right file, save it again and upload it once more."


class UnsupportedType(ManuscriptError):
    """The bytes are not of a format that is read."""

    default_advice = (
        "Save the manuscript as Word (.docx), OpenDocument (.odt), RTF, EPUB, PDF, Markdown (.md)"
        " or plain text (.txt)."
    )


class PasswordRequired(ManuscriptError):
    """The file is encrypted and no password was given."""

    default_advice = "Type the password; it is used once, here, and not kept."


class WrongPassword(PasswordRequired):
    """The file is encrypted and the password given does not open it."""

    default_advice = "Check the password and type it again."


class ImageOnly(ManuscriptError):
    """The pages hold pictures of text and no text."""

    default_advice = "Ask for the file that it was made from, as Word or as a PDF with text."


class DamagedFile(ManuscriptError):
    """The file is broken beyond reading."""

    default_advice = "Open it in the program that made it, save it again and upload the new copy."


class LimitReached(ManuscriptError):
    """The file is larger, or takes longer to read, than a manuscript would."""

    default_advice = "Split the file, or save the text alone as plain text (.txt)."


class OtherManuscript(ManuscriptError):
    """The file is not the one that was read: its text is another."""

    default_advice = (
        "Choose the very file that was analysed. If it was changed since, take the comments in a"
        " copy of the text as it was, or analyse the new file."
    )


class PictureError(FirstReaderError):
    """A file cannot be taken as a picture."""


class NotAPicture(PictureError):
    """The bytes are not PNG, JPEG, WebP or GIF."""

    default_advice = "Save the picture as JPEG or PNG and choose the new file."


class DamagedPicture(PictureError):
    """The picture is broken beyond decoding."""

    default_advice = "Open it in the program that made it, save it as JPEG and choose the new file."


class PictureTooLarge(PictureError):
    """The picture has more bytes or pixels, or takes more work, than is accepted."""

    default_advice = "Save a copy of it that is 4,000 pixels wide at most, and choose that."


class PictureTooSmall(PictureError):
    """The picture is too small, or would be scaled too small, to show anything."""

    default_advice = "Choose the original of the picture, or a part of it that is less narrow."


class TooManyPictures(PictureError):
    """There are more pictures than go with one question."""

    default_advice = "Ask about some of them now, and about the others after that."


# Ollama, its models, and the connection to it.


class EngineError(FirstReaderError):
    """Ollama, or the connection to it, failed."""


class OllamaUnavailable(EngineError):
    """There is no Ollama server to talk to."""

    default_advice = (
        "Start Ollama, or install it from ollama.com. To use one on another computer, set "
        "OLLAMA_HOST to its address."
    )


class SetupFailed(EngineError):
    """The private Ollama could not be built."""

    default_advice = OllamaUnavailable.default_advice


class ConnectionLost(EngineError):
    """The server went away in the middle of an answer."""

    default_advice = "Check that Ollama is still running, then try again."


class StreamStalled(EngineError):
    """The server stopped sending in the middle of an answer."""

    default_advice = "The server may be out of memory: try again, or choose a smaller model."


class BadResponse(EngineError):
    """The server's answer does not follow Ollama's protocol."""

    default_advice = "Check that the address is that of an Ollama server, then try again."


class ModelNotFound(EngineError):
    """The server does not have the model."""

    default_advice = "Choose another model, or install this one in Ollama."


class ModelCannot(EngineError):
    """The model lacks a capability: to write, see pictures or think."""

    default_advice = "Choose a model that can; the page Models says what each can do."


class CloudModelRefused(EngineError):
    """The model would send the manuscript to another machine."""

    default_advice = "Choose a model that runs on this computer."


class ServerBusy(EngineError):
    """The request would harm the analyses that run or wait; nothing was done."""


class ModelError(EngineError):
    """What was asked of the models cannot be done."""


class PullFailed(EngineError):
    """A model could not be fetched, or not completely."""

    default_advice = "Try again: what was fetched is kept."


class PullLost(PullFailed):
    """A model could not be fetched, and a part that had come must be fetched again."""

    default_advice = "Try again."


class UnknownModel(PullFailed):
    """The registry has no model of that name."""

    default_advice = "Check the name; Ollama’s library lists those that there are."


class NoUse(EngineError):
    """The model's answer is of no use; a second try may be."""


class AnswerRefused(NoUse):
    """The answer is not JSON, or does not follow the schema."""

    default_advice = "Try again, or choose a model that keeps to a form."


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

    default_advice = "Try again; if it happens again, choose another model or look at Ollama's log."

    def __init__(self, message: str, *, status_code: int | None, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.status_code = status_code


# The store, the lenses and the jobs.


class StoreError(FirstReaderError):
    """The store cannot be written or read."""

    default_advice = "Try again; if it happens again, start First Reader anew."


class StoreUnavailable(StoreError):
    """The database cannot be reached, or is busy for too long."""


class StoreFull(StoreError):
    """The disk has no room left; what was stored before is not touched."""

    default_advice = "Make room on the disk, then try again."


class StoreDamaged(StoreError):
    """The database is broken."""

    default_advice = (
        "Open First Reader's page: it can put the newest good copy from the folder `backups` in "
        "the file's place, and keeps the damaged one."
    )


class StoreEmpty(StoreDamaged):
    """The file of the database is empty or gone, though there was one."""

    default_advice = (
        "If anything was kept in it, open First Reader's page: it can put the newest good copy "
        "from the folder `backups` in its place. To begin with nothing, move that folder and the "
        "empty file away."
    )


class RecordUnreadable(StoreError):
    """One row of the store cannot be read; the others can."""

    default_advice = (
        "Start a new analysis from the manuscript. Everything else that is kept is not affected."
    )


class StoreTooNew(StoreError):
    """The database was made by a newer First Reader."""

    default_advice = "Install the newer First Reader again; nothing was changed."


class LensError(FirstReaderError):
    """A lens cannot be read or saved."""

    default_advice = "Try again; what was kept before is not touched."


class UnknownLens(LensError):
    """There is no lens of that name."""

    default_advice = "Choose another lens; it may have been deleted in another window."


class JobError(FirstReaderError):
    """An analysis is not in the place or state that was expected."""


class UnknownAnalysis(JobError):
    """There is no analysis under that address."""

    default_advice = "Start a new analysis from the manuscript."


class UnknownManuscript(JobError):
    """There is no manuscript under that address."""

    default_advice = "Look for it in the library, or upload it again."


class OutlineChanged(JobError):
    """The chapters were changed in another window meanwhile."""

    default_advice = "They are shown as they are now: look at them, then do yours again."


class IllegalTransition(JobError):
    """A job cannot go from that state to this one; this is a fault in the program."""


class LeaseLost(JobError):
    """Another worker has the job now: this one was silent for too long and writes no more."""

"""Every exception that First Reader raises on purpose.

    FirstReaderError
    ├── SettingsError               a setting cannot be understood
    ├── ManuscriptError             a file cannot be read as a manuscript
    │   ├── EmptyFile               nothing in it
    │   ├── UnsupportedType         not a kind of file that we read
    │   ├── PasswordRequired        encrypted, and no password was given
    │   │   └── WrongPassword       encrypted, and the password given does not open it
    │   ├── ImageOnly               pages are pictures of text
    │   ├── DamagedFile             broken beyond reading
    │   └── LimitReached            too large, too many pages, too long to read
    ├── PictureError                a file cannot be taken as a picture
    │   ├── NotAPicture             not PNG, JPEG, WebP or GIF
    │   ├── DamagedPicture          broken beyond decoding
    │   ├── PictureTooLarge         more bytes or pixels, or more work, than a picture is worth
    │   ├── PictureTooSmall         too little, or too narrow, to show anything
    │   └── TooManyPictures         more than go with one question
    ├── EngineError                 Ollama, or the way to it, failed
    │   ├── OllamaUnavailable       no server to talk to
    │   ├── SetupFailed             the private Ollama could not be made
    │   ├── ConnectionLost          the server went away in the middle
    │   ├── StreamStalled           the server stopped sending in the middle
    │   ├── BadResponse             the server's answer is not Ollama's protocol
    │   ├── ModelNotFound           the server does not have that model
    │   ├── ModelCannot             the model has not got what was asked of it (pictures, thinking)
    │   ├── CloudModelRefused       the model would send the manuscript to another machine
    │   ├── ModelError              what was asked of the models cannot be done
    │   ├── PullFailed              a model could not be fetched
    │   │   ├── PullLost            and a part of what was fetched is not kept
    │   │   └── UnknownModel        the registry has no model of that name
    │   ├── ContextExceeded         the text does not fit the model's context
    │   └── ServerError             any other error that the server reports
    ├── StoreError                  what was made cannot be kept, or not be read back
    │   ├── StoreUnavailable        the database cannot be reached, or is busy for too long
    │   ├── StoreFull               the disk has no room left
    │   ├── StoreDamaged            the database is broken
    │   └── StoreTooNew             the database was made by a newer First Reader
    └── JobError
        ├── UnknownAnalysis         no analysis under that address
        ├── UnknownManuscript       no manuscript under that address
        ├── OutlineChanged          another window changed the chapters meanwhile
        ├── IllegalTransition       a job cannot go from that state to this one
        └── LeaseLost               another worker has the job now

Each carries two sentences for an editor: the message says what happened, `advice` what to do next.
Exceptions of libraries (httpx, ollama, pypdf, sqlalchemy, ...) are turned into these at the
boundary of the package that uses the library, never further up.
"""

from __future__ import annotations


class FirstReaderError(Exception):
    """Something went wrong that we can explain.

    `str(error)` says what happened in an editor's words; `advice` says what to do next. Neither
    ever holds text of a manuscript, so that both may be logged.
    """

    #: What to do next, where the place that raises says nothing better.
    default_advice = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.advice = self.default_advice if advice is None else advice


class SettingsError(FirstReaderError):
    """A setting cannot be understood."""


class ManuscriptError(FirstReaderError):
    """A file cannot be read as a manuscript."""


class EmptyFile(ManuscriptError):
    """The file holds no text at all."""

    default_advice = "Check that this is the right file, save it again and upload it once more."


class UnsupportedType(ManuscriptError):
    """The bytes are not of a kind that we read."""

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

    default_advice = "Run the file through text recognition (OCR) first, or ask for the original."


class DamagedFile(ManuscriptError):
    """The file is broken beyond reading."""

    default_advice = "Open it in the program that made it, save it again and upload the new copy."


class LimitReached(ManuscriptError):
    """The file is larger, or takes longer to read, than a manuscript would."""

    default_advice = "Split the file, or save the text alone as plain text (.txt)."


class PictureError(FirstReaderError):
    """A file cannot be taken as a picture."""


class NotAPicture(PictureError):
    """The bytes are not of a kind of picture that we take."""

    default_advice = "Save the picture as JPEG or PNG and choose the new file."


class DamagedPicture(PictureError):
    """The picture is broken beyond decoding."""

    default_advice = "Open it in the program that made it, save it as JPEG and choose the new file."


class PictureTooLarge(PictureError):
    """The picture has more bytes or pixels, or takes more work, than one to look at needs."""

    default_advice = "Save a copy of it that is 4,000 pixels wide at most, and choose that."


class PictureTooSmall(PictureError):
    """Too little of it is there, or would be left of it, to show anything."""

    default_advice = "Choose the original of the picture, or a part of it that is less narrow."


class TooManyPictures(PictureError):
    """There are more pictures than go with one question."""

    default_advice = "Ask about some of them now, and about the others after that."


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
    """The model cannot do what was asked: see pictures, think."""

    default_advice = "Choose a model that can; the page Models says what each can do."


class CloudModelRefused(EngineError):
    """The model would send the manuscript to another machine."""

    default_advice = "Choose a model that runs on this computer."


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


class StoreError(FirstReaderError):
    """What was made cannot be kept, or not be read back."""

    default_advice = "Try again; if it happens again, start First Reader anew."


class StoreUnavailable(StoreError):
    """The database cannot be reached, or is busy for too long."""


class StoreFull(StoreError):
    """The disk has no room left; what was kept before is not touched."""

    default_advice = "Make room on the disk, then try again."


class StoreDamaged(StoreError):
    """The database is broken."""

    default_advice = (
        "Close First Reader, move the file away and put a copy from the folder `backups` beside "
        "it in its place."
    )


class StoreTooNew(StoreError):
    """The database was made by a newer First Reader."""

    default_advice = "Install the newer First Reader again; nothing was changed."


class JobError(FirstReaderError):
    """An analysis is not where or what it was expected to be."""


class UnknownAnalysis(JobError):
    """There is no analysis under that address."""

    default_advice = "Start a new analysis from the manuscript."


class UnknownManuscript(JobError):
    """There is no manuscript under that address."""

    default_advice = "Look for it in the library, or upload it again."


class OutlineChanged(JobError):
    """The chapters that a change was made to are not those that hold any more."""

    default_advice = "They are shown as they are now: look at them, then do yours again."


class IllegalTransition(JobError):
    """A job cannot go from that state to this one; this is a fault in the program."""


class LeaseLost(JobError):
    """Another worker has the job now: this one was silent for too long and writes no more."""

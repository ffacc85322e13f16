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
    │   ├── ModelCannot             the model cannot do what was asked (write, see, think)
    │   ├── CloudModelRefused       the model would send the manuscript to another machine
    │   ├── ModelError              what was asked of the models cannot be done
    │   ├── PullFailed              a model could not be fetched
    │   │   ├── PullLost            and a part of what was fetched is not kept
    │   │   └── UnknownModel        the registry has no model of that name
    │   ├── NoUse                   the answer is no use
    │   │   ├── AnswerRefused       it is not of the form that was asked for
    │   │   ├── ModelRepeated       the model wrote the same again and again
    │   │   ├── ModelRefused        the model said that it cannot answer
    │   │   └── WrongLanguage       it is in another language than asked for
    │   ├── ContextExceeded         the text does not fit the model's context
    │   ├── ServerBusy              it would harm the analyses that run or wait
    │   └── ServerError             any other error that the server reports
    ├── StoreError                  what was made cannot be kept, or not be read back
    │   ├── StoreUnavailable        the database cannot be reached, or is busy for too long
    │   ├── StoreFull               the disk has no room left
    │   ├── StoreDamaged            the database is broken
    │   │   └── StoreEmpty          its file is empty or gone
    │   ├── RecordUnreadable        one row of it cannot be read
    │   └── StoreTooNew             the database was made by a newer First Reader
    ├── LensError                   a lens cannot be read, or not be kept
    │   └── UnknownLens             no lens of that name
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

from components.errors.base import (
    FirstReaderError,
    SettingsError,
)
from components.errors.engine import (
    AnswerRefused,
    BadResponse,
    CloudModelRefused,
    ConnectionLost,
    ContextExceeded,
    EngineError,
    ModelCannot,
    ModelError,
    ModelNotFound,
    ModelRefused,
    ModelRepeated,
    NoUse,
    OllamaUnavailable,
    PullFailed,
    PullLost,
    ServerBusy,
    ServerError,
    SetupFailed,
    StreamStalled,
    UnknownModel,
    WrongLanguage,
)
from components.errors.files import (
    DamagedFile,
    DamagedPicture,
    EmptyFile,
    ImageOnly,
    LimitReached,
    ManuscriptError,
    NotAPicture,
    PasswordRequired,
    PictureError,
    PictureTooLarge,
    PictureTooSmall,
    TooManyPictures,
    UnsupportedType,
    WrongPassword,
)
from components.errors.keeping import (
    IllegalTransition,
    JobError,
    LeaseLost,
    OutlineChanged,
    RecordUnreadable,
    StoreDamaged,
    StoreEmpty,
    StoreError,
    StoreFull,
    StoreTooNew,
    StoreUnavailable,
    UnknownAnalysis,
    UnknownManuscript,
)
from components.errors.kinds import kinds
from components.errors.lenses import (
    LensError,
    UnknownLens,
)

__all__ = [
    "AnswerRefused",
    "BadResponse",
    "CloudModelRefused",
    "ConnectionLost",
    "ContextExceeded",
    "DamagedFile",
    "DamagedPicture",
    "EmptyFile",
    "EngineError",
    "FirstReaderError",
    "IllegalTransition",
    "ImageOnly",
    "JobError",
    "LeaseLost",
    "LensError",
    "LimitReached",
    "ManuscriptError",
    "ModelCannot",
    "ModelError",
    "ModelNotFound",
    "ModelRefused",
    "ModelRepeated",
    "NoUse",
    "NotAPicture",
    "OllamaUnavailable",
    "OutlineChanged",
    "PasswordRequired",
    "PictureError",
    "PictureTooLarge",
    "PictureTooSmall",
    "PullFailed",
    "PullLost",
    "RecordUnreadable",
    "ServerBusy",
    "ServerError",
    "SettingsError",
    "SetupFailed",
    "StoreDamaged",
    "StoreEmpty",
    "StoreError",
    "StoreFull",
    "StoreTooNew",
    "StoreUnavailable",
    "StreamStalled",
    "TooManyPictures",
    "UnknownAnalysis",
    "UnknownLens",
    "UnknownManuscript",
    "UnknownModel",
    "UnsupportedType",
    "WrongLanguage",
    "WrongPassword",
    "kinds",
]

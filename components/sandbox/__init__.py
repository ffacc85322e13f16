"""A killable, limited process for one file that somebody else made.

A file may be made to take all memory, to run for ever or to crash what reads it. So one process
reads one file: it is started with nothing of the app's environment (`run`), limits itself before it
looks at the file (`restrain`), answers in one format (`protocol`) and can be killed without harm.
Small and large, good and bad files go the same way, so that the way is tried at every upload.
A start costs about a tenth of a second.
"""

from components.sandbox.process import WorkerFailed, run
from components.sandbox.protocol import (
    BadAnswer,
    pack_error,
    pack_progress,
    pack_request,
    pack_result,
    unpack_answer,
    unpack_request,
)
from components.sandbox.worker import answer_request, restrain

__all__ = [
    "BadAnswer",
    "WorkerFailed",
    "answer_request",
    "pack_error",
    "pack_progress",
    "pack_request",
    "pack_result",
    "restrain",
    "run",
    "unpack_answer",
    "unpack_request",
]

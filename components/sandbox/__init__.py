"""A killable, limited process for one file that somebody else made.

A file may be made to take all memory, to run for ever or to crash what reads it. So every file is
read by a process of its own: `run` starts it with nothing of the app's environment, and it limits
itself before it looks at the file (`child_process`). A start costs about a tenth of a second.
"""

from components.sandbox.process import run
from components.sandbox.protocol import WorkerFailed

__all__ = ["WorkerFailed", "run"]

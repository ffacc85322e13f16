"""A process for one file that somebody else made, which may be killed without harm.

A file may be made to take all memory, to run for ever or to crash what reads it. So a worker, a
module of the package that knows the kind of file, is started with nothing of the app's environment
(`process`) and limits itself before it looks at the file (`restraint`).
"""

from components.guarded.process import OWN_GROUP, ran_out_of_memory, ran_out_of_time, start
from components.guarded.restraint import answering, restrain

__all__ = [
    "OWN_GROUP",
    "answering",
    "ran_out_of_memory",
    "ran_out_of_time",
    "restrain",
    "start",
]

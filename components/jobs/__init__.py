"""Analyses that run whether or not anyone watches."""

from components.jobs.dispatch import Dispatch
from components.jobs.embedded import Embedded
from components.jobs.identity import is_gone, new_name
from components.jobs.jobs import Jobs
from components.jobs.scribe import Unwritten
from components.jobs.worker import Worker

__all__ = ["Dispatch", "Embedded", "Jobs", "Unwritten", "Worker", "is_gone", "new_name"]

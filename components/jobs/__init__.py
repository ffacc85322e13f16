"""Analyses that run whether or not anyone watches."""

from components.jobs.batch_writer import Unwritten
from components.jobs.embedded import Embedded
from components.jobs.jobs import Jobs, tonight
from components.jobs.worker import Worker, is_gone, new_name

__all__ = ["Embedded", "Jobs", "Unwritten", "Worker", "is_gone", "new_name", "tonight"]

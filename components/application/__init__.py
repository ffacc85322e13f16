"""The composition root: the running app, one for a process."""

from components.application.application import Application, application, close_application
from components.application.connection import Connection
from components.application.lenses import own_lenses
from components.application.pulls import Pull, Pulls, PullState

__all__ = [
    "Application",
    "Connection",
    "Pull",
    "PullState",
    "Pulls",
    "application",
    "close_application",
    "own_lenses",
]

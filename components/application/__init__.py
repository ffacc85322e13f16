"""The composition root: the running app, one for a process."""

from components.application.application import Application, application, close_application
from components.application.connection import Connection

__all__ = ["Application", "Connection", "application", "close_application"]

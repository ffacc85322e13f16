"""What every exception of First Reader has."""

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

"""A small book on its axis, and a report on it by a scripted model that reads."""

from __future__ import annotations

from tests.reports.conftest import desk, scripted

__all__ = ["desk", "scripted"]

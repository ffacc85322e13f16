"""A small book on its axis, and a report on it by a scripted model that reads."""

from __future__ import annotations

from tests.reports.desk import desk, read_report, scripted

__all__ = ["desk", "read_report", "scripted"]

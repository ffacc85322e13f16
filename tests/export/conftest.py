"""Reports that a scripted model makes, for their files."""

from tests.reports.conftest import desk, scripted

__all__ = ["desk", "scripted"]

"""Reports that a scripted model makes, for their files."""

from tests.novel.conftest import desk, scripted

__all__ = ["desk", "scripted"]

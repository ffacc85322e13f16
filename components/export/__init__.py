"""Analyses as files, one module a format."""

from components.export.markdown import file_name, to_markdown

__all__ = ["file_name", "to_markdown"]

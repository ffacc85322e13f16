"""Analyses as files, one module a format."""

from components.export.comparison import (
    Column,
    comparison_csv,
    comparison_docx,
    comparison_file_name,
    comparison_markdown,
)
from components.export.markdown import file_name, to_markdown

__all__ = [
    "Column",
    "comparison_csv",
    "comparison_docx",
    "comparison_file_name",
    "comparison_markdown",
    "file_name",
    "to_markdown",
]

"""Analyses, comparisons and whole-book reports as files, one module a format.

A report goes through `contents`, a comparison of reports through `differing_contents`: they say
what any of the files holds. `as_json` has all of a report.
"""

from components.export.comparison import (
    Column,
    comparison_csv,
    comparison_docx,
    comparison_markdown,
)
from components.export.contents import contents
from components.export.differing import differing_contents
from components.export.file_name import file_name
from components.export.markdown import to_markdown
from components.export.outline import Contents
from components.export.report_html import report_html
from components.export.report_json import as_json, report_json
from components.export.report_markdown import report_markdown
from components.export.report_word import report_docx

__all__ = [
    "Column",
    "Contents",
    "as_json",
    "comparison_csv",
    "comparison_docx",
    "comparison_markdown",
    "contents",
    "differing_contents",
    "file_name",
    "report_docx",
    "report_html",
    "report_json",
    "report_markdown",
    "to_markdown",
]

"""Analyses, comparisons and whole-book reports as files, one module a format.

A report goes through `report_sections`, a comparison of reports through `differing_contents`: they
say what any of the files holds. `as_json` has all of a report.
"""

from components.export.analysis_markdown import to_markdown
from components.export.comparison_export import (
    Column,
    comparison_csv,
    comparison_docx,
    comparison_markdown,
)
from components.export.comparison_sections import differing_contents
from components.export.file_name import file_name
from components.export.report_document import Contents
from components.export.report_docx import report_docx
from components.export.report_html import report_html
from components.export.report_json import as_json, report_json
from components.export.report_markdown import report_markdown
from components.export.report_sections import report_sections

__all__ = [
    "Column",
    "Contents",
    "as_json",
    "comparison_csv",
    "comparison_docx",
    "comparison_markdown",
    "differing_contents",
    "file_name",
    "report_docx",
    "report_html",
    "report_json",
    "report_markdown",
    "report_sections",
    "to_markdown",
]

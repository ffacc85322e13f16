"""Analyses, comparisons and whole-book reports as files.

`analysis_contents` makes the contents of an analysis, `report_sections` those of a report,
`side_by_side` and `comparison_contents` those of a comparison of analyses and of reports;
`report_docx`, `report_html` and `report_markdown` write them. `as_json` has all of a report.
`comment_file` and `commented_copy` put comments into the margin of the manuscript itself.
"""

from components.export.analysis_contents import (
    Column,
    analysis_contents,
    comparison_csv,
    side_by_side,
)
from components.export.comparison_contents import comparison_contents
from components.export.contents import Contents
from components.export.formatting import file_name
from components.export.margin_comments import comment_file, commented_copy, comments_of
from components.export.readers_report import readers_report
from components.export.report_contents import report_sections
from components.export.report_docx import report_docx
from components.export.report_html import report_html
from components.export.report_json import as_json, report_json
from components.export.report_markdown import report_markdown
from components.manuscripts import MarginComment

__all__ = [
    "Column",
    "Contents",
    "MarginComment",
    "analysis_contents",
    "as_json",
    "comment_file",
    "commented_copy",
    "comments_of",
    "comparison_contents",
    "comparison_csv",
    "file_name",
    "readers_report",
    "report_docx",
    "report_html",
    "report_json",
    "report_markdown",
    "report_sections",
    "side_by_side",
]

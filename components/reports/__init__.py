"""The whole book: every chapter read, each by every lens, joined into reports, with receipts.

`plan` makes a `Plan` of a `ReadingRequest`: `passages` cuts the book, `report_prompts` has the
questions. `open_report` assembles a `Report` as it stands, with its `receipts` and `scores`.
`quotations` counts what a report quotes, `progress` what it took and what is left. `compare_models`
compares reports by several models, `compare_drafts` two on two drafts.
"""

from components.reports.draft_alignment import Became, Changed, ParagraphChange, Revision
from components.reports.draft_comparison import (
    ChapterChange,
    Drafts,
    QuotationChange,
    compare_drafts,
)
from components.reports.model_comparison import (
    ChapterReading,
    ComparedChapter,
    ModelComparison,
    compare_models,
)
from components.reports.permission import Permission, note_permission, permission_of
from components.reports.plan import (
    LENGTHS,
    Depth,
    Plan,
    ReadingRequest,
    indistinct,
    longest_answer,
    plan,
)
from components.reports.progress import (
    evaluated,
    seconds_left,
    seconds_left_of,
    tokens_to_read,
    totals,
)
from components.reports.quotations import (
    EvidenceLookup,
    count_quotations,
    evidence_of,
    is_counted,
    is_prose,
    quoting_answers,
    read_ranges,
)
from components.reports.reading_passages import (
    ReadingPassage,
    names_of,
    ranges_of,
    story_chapters,
    subject_of,
)
from components.reports.receipts import Read, Receipt, with_minimum_tokens
from components.reports.report import STORY, Report, dismiss, intended_of, open_report, setting_of
from components.reports.report_assembly import conflicts, summary_sentences
from components.reports.report_context import chosen_chapters, in_context
from components.reports.scores import SCALES, PassageScores, Scores, sentence_behind

__all__ = [
    "LENGTHS",
    "SCALES",
    "STORY",
    "Became",
    "Changed",
    "ChapterChange",
    "ChapterReading",
    "ComparedChapter",
    "Depth",
    "Drafts",
    "EvidenceLookup",
    "ModelComparison",
    "ParagraphChange",
    "PassageScores",
    "Permission",
    "Plan",
    "QuotationChange",
    "Read",
    "ReadingPassage",
    "ReadingRequest",
    "Receipt",
    "Report",
    "Revision",
    "Scores",
    "chosen_chapters",
    "compare_drafts",
    "compare_models",
    "conflicts",
    "count_quotations",
    "dismiss",
    "evaluated",
    "evidence_of",
    "in_context",
    "indistinct",
    "intended_of",
    "is_counted",
    "is_prose",
    "longest_answer",
    "names_of",
    "note_permission",
    "open_report",
    "permission_of",
    "plan",
    "quoting_answers",
    "ranges_of",
    "read_ranges",
    "seconds_left",
    "seconds_left_of",
    "sentence_behind",
    "setting_of",
    "story_chapters",
    "subject_of",
    "summary_sentences",
    "tokens_to_read",
    "totals",
    "with_minimum_tokens",
]

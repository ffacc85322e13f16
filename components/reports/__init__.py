"""The whole book: every chapter read, each by every lens, joined into reports, with receipts.

Public: `ReadingRequest` and `plan` say what will be asked; `setting_of` what is kept of it beside
the steps; `open_report` returns a `Report` as it stands, with its `receipts` and `scores`.
`passages` cuts the book, `report_prompts` has the questions, `depth` their lengths. `differ` lays
reports by several models beside each other, `compare_drafts` two on two drafts; `checked` counts
what a report quotes.
"""

from components.reports.chapter_diff import Changed, ParagraphChange
from components.reports.chapter_notes import STORY, Noted, chapter_notes
from components.reports.chapter_scores import ChapterScores, scores_by_chapter
from components.reports.depth import LENGTHS, Depth, Lengths
from components.reports.draft_alignment import Became, Part, Revision, align_drafts, parts_of
from components.reports.draft_comparison import (
    ChapterChange,
    Difference,
    Drafts,
    QuotationChange,
    compare_drafts,
)
from components.reports.model_differences import Agreement, ComparedChapter, Differing, Said, differ
from components.reports.passages import Passage, names_of, story_chapters
from components.reports.plan import indistinct, plan
from components.reports.progress import seconds_left, tokens_to_read
from components.reports.quotation_counts import (
    Looked,
    QuotationCounts,
    checked,
    evidence_of,
    is_counted,
    is_prose,
    looked_through,
)
from components.reports.reading_request import Plan, ReadingRequest
from components.reports.receipts import Read, Receipt, held
from components.reports.report import (
    Report,
    ReportSettings,
    Scored,
    evaluated,
    open_report,
    setting_of,
)
from components.reports.score_evidence import Sentence, sentence_behind
from components.reports.scores import SCALES, SCHEMA, Scores, read_scores
from components.reports.totals import Totals, totals

__all__ = [
    "LENGTHS",
    "SCALES",
    "SCHEMA",
    "STORY",
    "Agreement",
    "Became",
    "Changed",
    "ChapterChange",
    "ChapterScores",
    "ComparedChapter",
    "Depth",
    "Difference",
    "Differing",
    "Drafts",
    "Lengths",
    "Looked",
    "Noted",
    "ParagraphChange",
    "Part",
    "Passage",
    "Plan",
    "QuotationChange",
    "QuotationCounts",
    "Read",
    "ReadingRequest",
    "Receipt",
    "Report",
    "ReportSettings",
    "Revision",
    "Said",
    "Scored",
    "Scores",
    "Sentence",
    "Totals",
    "align_drafts",
    "chapter_notes",
    "checked",
    "compare_drafts",
    "differ",
    "evaluated",
    "evidence_of",
    "held",
    "indistinct",
    "is_counted",
    "is_prose",
    "looked_through",
    "names_of",
    "open_report",
    "parts_of",
    "plan",
    "read_scores",
    "scores_by_chapter",
    "seconds_left",
    "sentence_behind",
    "setting_of",
    "story_chapters",
    "tokens_to_read",
    "totals",
]

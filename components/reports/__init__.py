"""The whole book: every chapter read, each by every lens, joined into reports, with receipts.

Public: `Order` and `plan` say what will be asked; `setting_of` what is kept of it beside the steps;
`open_report` returns a `Report` as it stands, with its `receipts` and `scores`. `passages` cuts the
book, `report_prompts` has the questions, `depth` their lengths. `differ` lays reports by several
models beside each other, `compare_drafts` two on two drafts; `checked` counts what a report quotes.
"""

from components.reports.chapter_diff import Changed, Paragraph
from components.reports.chapter_notes import STORY, Noted, chapter_notes
from components.reports.chapter_scores import ChapterScores, scores_by_chapter
from components.reports.depth import LENGTHS, Depth, Lengths
from components.reports.draft_alignment import Became, Part, Revision, align_drafts, parts_of
from components.reports.draft_comparison import Change, Difference, Drafts, Quoted, compare_drafts
from components.reports.model_differences import Agreement, Compared, Differing, Said, differ
from components.reports.passages import Passage, names_of, story_chapters
from components.reports.plan import indistinct, plan
from components.reports.quotation_counts import (
    Checked,
    Looked,
    checked,
    evidence_of,
    is_counted,
    is_prose,
    looked_through,
)
from components.reports.reading_request import Order, Plan
from components.reports.receipts import Read, Receipt, held
from components.reports.report import Report, Scored, Setting, evaluated, open_report, setting_of
from components.reports.score_evidence import Sentence, sentence_behind
from components.reports.scores import SCALES, SCHEMA, Scores, read_scores
from components.reports.totals import Figures, totals

__all__ = [
    "LENGTHS",
    "SCALES",
    "SCHEMA",
    "STORY",
    "Agreement",
    "Became",
    "Change",
    "Changed",
    "ChapterScores",
    "Checked",
    "Compared",
    "Depth",
    "Difference",
    "Differing",
    "Drafts",
    "Figures",
    "Lengths",
    "Looked",
    "Noted",
    "Order",
    "Paragraph",
    "Part",
    "Passage",
    "Plan",
    "Quoted",
    "Read",
    "Receipt",
    "Report",
    "Revision",
    "Said",
    "Scored",
    "Scores",
    "Sentence",
    "Setting",
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
    "sentence_behind",
    "setting_of",
    "story_chapters",
    "totals",
]

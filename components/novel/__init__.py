"""The whole book: every chapter read, each by every lens, joined into reports, with receipts.

Public: `Order` and `plan` say what will be asked; `setting_of` what is kept of it beside the steps;
`open_report` returns a `Report` as it stands, with its `receipts` and `scores`. `passages` cuts the
book, `telling` has the questions, `depth` their lengths. `differ` lays reports by several models
beside each other, `compare_drafts` two on two drafts; `checked` counts what a report quotes.
"""

from components.novel.changes import Changed, Paragraph
from components.novel.chapter_scores import ChapterScores, scores_by_chapter
from components.novel.depth import LENGTHS, Depth, Lengths
from components.novel.differing import Agreement, Compared, Differing, Said, differ
from components.novel.drafts import Change, Difference, Drafts, Quoted, compare_drafts
from components.novel.figures import Figures, figures
from components.novel.noted import STORY, Noted, noted
from components.novel.order import Order, Plan
from components.novel.passages import Passage, names_of, story_chapters
from components.novel.planning import indistinct, plan
from components.novel.progress import seconds_left, tokens_to_read
from components.novel.quoting import (
    Checked,
    Looked,
    checked,
    evidence_of,
    is_counted,
    is_prose,
    looked_through,
)
from components.novel.receipts import Read, Receipt, held
from components.novel.report import Report, Scored, Setting, evaluated, open_report, setting_of
from components.novel.revisions import Became, Part, Revision, parts_of, revisions
from components.novel.scoring import SCALES, SCHEMA, Scores, read_scores
from components.novel.sentence import Sentence, sentence_behind

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
    "checked",
    "compare_drafts",
    "differ",
    "evaluated",
    "evidence_of",
    "figures",
    "held",
    "indistinct",
    "is_counted",
    "is_prose",
    "looked_through",
    "names_of",
    "noted",
    "open_report",
    "parts_of",
    "plan",
    "read_scores",
    "revisions",
    "scores_by_chapter",
    "seconds_left",
    "sentence_behind",
    "setting_of",
    "story_chapters",
    "tokens_to_read",
]

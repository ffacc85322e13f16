"""The whole book: every chapter read, each by every lens, joined into reports, with receipts.

Public: `Order` and `plan` say what will be asked; `setting_of` what is kept of it beside the steps;
`open_report` returns a `Report` as it stands, with its `receipts` and `scores`. `passages` cuts the
book, `telling` has the questions, `depth` their lengths.
"""

from components.novel.depth import LENGTHS, Depth, Lengths
from components.novel.order import Order, Plan
from components.novel.passages import Passage, names_of, story_chapters
from components.novel.planning import plan
from components.novel.receipts import Read, Receipt
from components.novel.report import Report, Scored, Setting, evaluated, open_report, setting_of
from components.novel.scoring import SCALES, SCHEMA, Scores, read_scores

__all__ = [
    "LENGTHS",
    "SCALES",
    "SCHEMA",
    "Depth",
    "Lengths",
    "Order",
    "Passage",
    "Plan",
    "Read",
    "Receipt",
    "Report",
    "Scored",
    "Scores",
    "Setting",
    "evaluated",
    "names_of",
    "open_report",
    "plan",
    "read_scores",
    "setting_of",
    "story_chapters",
]

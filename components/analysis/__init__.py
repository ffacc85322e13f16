"""Questions to a manuscript: lenses, the parts that fit, and what the model reads."""

from components.analysis.answers import AnswerWatch, parsed
from components.analysis.conversation import branches, fitted, path
from components.analysis.fair_comparison import Reason, Schedule, schedule, shared_context
from components.analysis.findings import (
    ASKED,
    FINDINGS,
    LOOKED_UP,
    MOST_FINDINGS,
    SUMMARIES,
    Finding,
    closed_object,
    is_assembled,
    is_translated,
    read_findings,
    read_summary,
    readable_items,
    schema,
    summary_schema,
    to_markdown,
)
from components.analysis.lens import (
    MOST_TITLE,
    FindingKind,
    Lens,
    lens,
    lenses,
    title_of,
    with_schema,
)
from components.analysis.own_lenses import OwnLenses
from components.analysis.passage_questions import merged, passage_step
from components.analysis.picture_prompts import DESCRIBE, FIT, TRANSCRIBE, picture_question
from components.analysis.prompts import Subject, ask, prompt, question_about, system_prompt
from components.analysis.ranking import Rank, Vote, ranking
from components.analysis.sections import ManuscriptSection, passages, pieces, sections
from components.analysis.small_models import fair_options, is_small, suited_lens, suited_options

__all__ = [
    "ASKED",
    "DESCRIBE",
    "FINDINGS",
    "FIT",
    "LOOKED_UP",
    "MOST_FINDINGS",
    "MOST_TITLE",
    "SUMMARIES",
    "TRANSCRIBE",
    "AnswerWatch",
    "Finding",
    "FindingKind",
    "Lens",
    "ManuscriptSection",
    "OwnLenses",
    "Rank",
    "Reason",
    "Schedule",
    "Subject",
    "Vote",
    "ask",
    "branches",
    "closed_object",
    "fair_options",
    "fitted",
    "is_assembled",
    "is_small",
    "is_translated",
    "lens",
    "lenses",
    "merged",
    "parsed",
    "passage_step",
    "passages",
    "path",
    "picture_question",
    "pieces",
    "prompt",
    "question_about",
    "ranking",
    "read_findings",
    "read_summary",
    "readable_items",
    "schedule",
    "schema",
    "sections",
    "shared_context",
    "suited_lens",
    "suited_options",
    "summary_schema",
    "system_prompt",
    "title_of",
    "to_markdown",
    "with_schema",
]

"""Questions to a manuscript: lenses, the parts that fit, and what the model reads."""

from components.analysis.answers import AnswerWatch, parsed
from components.analysis.conversation import branches, fitted, path
from components.analysis.fair_comparison import Reason, Schedule, schedule, shared_context
from components.analysis.lens import Lens, lens, lenses, title_of, with_schema
from components.analysis.own_lenses import OwnLenses
from components.analysis.picture_prompts import DESCRIBE, FIT, TRANSCRIBE, Beside, picture_question
from components.analysis.prompts import ask, prompt, system_prompt
from components.analysis.ranking import Rank, Vote, ranking
from components.analysis.sections import ManuscriptSection, passages, pieces, sections
from components.analysis.small_models import fair_options, is_small, suited_lens, suited_options

__all__ = [
    "DESCRIBE",
    "FIT",
    "TRANSCRIBE",
    "AnswerWatch",
    "Beside",
    "Lens",
    "ManuscriptSection",
    "OwnLenses",
    "Rank",
    "Reason",
    "Schedule",
    "Vote",
    "ask",
    "branches",
    "fair_options",
    "fitted",
    "is_small",
    "lens",
    "lenses",
    "parsed",
    "passages",
    "path",
    "picture_question",
    "pieces",
    "prompt",
    "ranking",
    "schedule",
    "sections",
    "shared_context",
    "suited_lens",
    "suited_options",
    "system_prompt",
    "title_of",
    "with_schema",
]

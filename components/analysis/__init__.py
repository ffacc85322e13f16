"""Questions to a manuscript: lenses, the parts that fit, and what the model reads."""

from components.analysis.asking import ask, prompt, system_prompt
from components.analysis.comparing import Reason, Schedule, schedule, shared_context
from components.analysis.conversation import branches, fitted, path
from components.analysis.form import check_form, parsed
from components.analysis.lens import Lens, lens
from components.analysis.looking import DESCRIBE, FIT, TRANSCRIBE, Beside, look_at
from components.analysis.ranking import Rank, Vote, ranking
from components.analysis.sections import Section, chapter_name, passages, pieces, sections

__all__ = [
    "DESCRIBE",
    "FIT",
    "TRANSCRIBE",
    "Beside",
    "Lens",
    "Rank",
    "Reason",
    "Schedule",
    "Section",
    "Vote",
    "ask",
    "branches",
    "chapter_name",
    "check_form",
    "fitted",
    "lens",
    "look_at",
    "parsed",
    "passages",
    "path",
    "pieces",
    "prompt",
    "ranking",
    "schedule",
    "sections",
    "shared_context",
    "system_prompt",
]

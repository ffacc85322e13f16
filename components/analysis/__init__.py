"""Questions to a manuscript: lenses, the parts that fit, and what the model reads."""

from components.analysis.asking import ask, prompt
from components.analysis.lens import Lens, lens
from components.analysis.sections import Section, passages, sections

__all__ = ["Lens", "Section", "ask", "lens", "passages", "prompt", "sections"]

"""Questions to a manuscript: lenses, the parts that fit, and what the model reads."""

from components.analysis.asking import ask
from components.analysis.lens import Lens, lens
from components.analysis.sections import Section, joined, sections

__all__ = ["Lens", "Section", "ask", "joined", "lens", "sections"]

"""The markdown of a model's answer: split as it streams, completed for the eye, made safe HTML.

Nothing here knows Streamlit, a job or a manuscript: text goes in, text comes out.
"""

from components.markdown.blocks import Blocks
from components.markdown.calm import calm
from components.markdown.cutting import cut
from components.markdown.headings import Headings
from components.markdown.html import to_html
from components.markdown.marks import Mark, Meaning
from components.markdown.parser import parse
from components.markdown.prose import Stretch, prose

__all__ = [
    "Blocks",
    "Headings",
    "Mark",
    "Meaning",
    "Stretch",
    "calm",
    "cut",
    "parse",
    "prose",
    "to_html",
]

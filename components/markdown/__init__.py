"""The markdown of a model's answer: split as it streams, completed for the eye, made safe HTML.

Nothing here knows Streamlit, a job or a manuscript: text goes in, text comes out.
"""

from components.markdown.blocks import Blocks
from components.markdown.headings import Headings
from components.markdown.html import to_html
from components.markdown.marks import Highlight, Meaning
from components.markdown.parser import parse
from components.markdown.prose import TextStretch, prose
from components.markdown.tail_preview import tail_preview
from components.markdown.token_split import cut

__all__ = [
    "Blocks",
    "Headings",
    "Highlight",
    "Meaning",
    "TextStretch",
    "cut",
    "parse",
    "prose",
    "tail_preview",
    "to_html",
]

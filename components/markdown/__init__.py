"""Markdown written by a model: split as it streams, completed for display, shown as safe HTML."""

from components.markdown.blocks import Blocks
from components.markdown.html import Headings, to_html
from components.markdown.literal import escaped, literal, literal_line, printable
from components.markdown.marks import Highlight, Meaning, cut
from components.markdown.parser import parse
from components.markdown.prose import TextStretch, prose
from components.markdown.tail_preview import tail_preview

__all__ = [
    "Blocks",
    "Headings",
    "Highlight",
    "Meaning",
    "TextStretch",
    "cut",
    "escaped",
    "literal",
    "literal_line",
    "parse",
    "printable",
    "prose",
    "tail_preview",
    "to_html",
]

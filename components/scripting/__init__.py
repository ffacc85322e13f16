"""First Reader from Python: the same engine, jobs and store as the page, without the page.

from components.scripting import analyze_book, analyze_file
analyze_file("chapter.docx", model="gemma3:4b")["response"]
analyze_book("novel.epub", model="gemma3:4b", lenses=["structure", "continuity"])["receipts"]
"""

from components.scripting.api import (
    about,
    about_pictures,
    analyze_file,
    analyze_pictures,
    checked_options,
    find,
    follow,
    known_lenses,
    open_file,
    open_pictures,
    result,
    running,
    to_ask,
)
from components.scripting.book import Reading, analyze_book, chapters_of, finished, named, read_book

__all__ = [
    "Reading",
    "about",
    "about_pictures",
    "analyze_book",
    "analyze_file",
    "analyze_pictures",
    "chapters_of",
    "checked_options",
    "find",
    "finished",
    "follow",
    "known_lenses",
    "named",
    "open_file",
    "open_pictures",
    "read_book",
    "result",
    "running",
    "to_ask",
]

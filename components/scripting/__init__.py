"""First Reader from Python: the same engine, jobs and store as the page, without the page.

from components.scripting import analyze_book, analyze_file, ask_manuscript
analyze_file("chapter.docx", model="gemma3:4b")["response"]
analyze_book("novel.epub", model="gemma3:4b", lenses=["structure", "continuity"])["receipts"]
ask_manuscript("novel.epub", "Where is the key?", model="gemma3:4b")["answer"]
"""

from components.scripting.analyze import analyze_file, analyze_pictures
from components.scripting.ask import ask_manuscript
from components.scripting.book import analyze_book

__all__ = ["analyze_book", "analyze_file", "analyze_pictures", "ask_manuscript"]

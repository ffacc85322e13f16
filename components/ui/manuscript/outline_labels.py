"""What is known of a manuscript and of its outline, in an editor's words."""

from __future__ import annotations

from itertools import pairwise

from components.manuscripts import LANGUAGES, Chapter, ChapterKind, Manuscript
from components.ui.shared import labels

KIND: dict[ChapterKind, str] = {
    "front": "Front matter",
    "introduction": "Introduction",
    "prologue": "Prologue",
    "part": "Part",
    "chapter": "Chapter",
    "letter": "Letter",
    "interlude": "Interlude",
    "epilogue": "Epilogue",
    "back": "Back matter",
    "passage": "Passage",
}

#: What is not the story: it stands apart in lists and is not counted with the chapters.
APART = frozenset({"front", "back"})

_SOURCE = {
    "txt": "plain text",
    "md": "Markdown",
    "pdf": "PDF",
    "docx": "Word",
    "epub": "e-book (EPUB)",
    "odt": "OpenDocument (ODT)",
    "rtf": "Rich Text (RTF)",
}

#: Below it, an outline that looks right may still not be.
_SURE = 0.7
#: Missing numbers that are named; of more, how many.
_NAMED = 5


def facts(manuscript: Manuscript) -> str:
    """Say words, pages and chapters: "121,412 words · about 486 pages · 61 chapters"."""
    pages = labels.plural(manuscript.pages, "page")
    said = [
        labels.plural(manuscript.words, "word"),
        pages if manuscript.page_count is not None else f"about {pages}",
    ]
    kinds = [chapter.kind for chapter in manuscript.chapters]
    if chapters := sum(kind not in APART and kind != "part" for kind in kinds):
        said.append(labels.plural(chapters, "chapter"))
    if parts := kinds.count("part"):
        said.append(labels.plural(parts, "part"))
    return " · ".join(said)


def origin(manuscript: Manuscript) -> tuple[str, str]:
    """Say who wrote it and in which language, as far as is known, and what kind of file it was."""
    said = [manuscript.author] if manuscript.author else []
    if manuscript.language:
        said.append(LANGUAGES.get(manuscript.language.split("-")[0].lower(), manuscript.language))
    return " · ".join(said), _SOURCE[manuscript.source]


def surety(manuscript: Manuscript) -> tuple[str, bool]:
    """Say where the chapters come from, and whether an editor should look at them."""
    if not manuscript.chapters:
        said = "No chapter headings were found. Split the text where chapters begin"
        return f"{said}, or have it analysed as a whole.", True
    unsure = manuscript.confidence < _SURE
    match manuscript.basis:
        case "editor":
            return "The chapters are as you arranged them.", False
        case "structure":
            said = "The file marks its chapters"
        case "numbering":
            said, unsure = _numbers(manuscript.chapters, unsure=unsure)
        case "lines":
            said, unsure = "Guessed from lines that look like headings", True
        case _:
            said, unsure = "Found by lines that read as headings", True
    return (f"{said}: please check." if unsure else f"{said}."), unsure


def _numbers(chapters: tuple[Chapter, ...], *, unsure: bool) -> tuple[str, bool]:
    numbers = [
        chapter.number
        for chapter in chapters
        if chapter.number is not None and chapter.kind != "part"
    ]
    if not numbers:
        return "Found by their numbers", unsure
    missing: list[int] = []
    for before, after in pairwise([0, *numbers]):
        if after > before + 1:
            missing += range(before + 1, after)
    if missing:
        named = ", ".join(f"{number:,}" for number in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        are = "is" if len(missing) == 1 else "are"
        return f"Found by their numbers; {named}{more} {are} missing", True
    if sorted(numbers) == list(range(1, len(numbers) + 1)) and len(numbers) > 1:
        return f"Found by their numbers, 1 to {len(numbers):,} without a gap", unsure
    return "Found by their numbers, without a gap", unsure

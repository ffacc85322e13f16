"""What is known of a manuscript and of its outline, in an editor's words."""

from itertools import pairwise
from typing import get_args

from components.manuscripts import Chapter, ChapterKind, Manuscript, Signal
from components.ui.shared import labels

KIND: dict[ChapterKind, str] = {kind: kind.capitalize() for kind in get_args(ChapterKind)}
KIND |= {"front": "Front matter", "back": "Back matter"}

#: What is not the story: it stands apart in lists and is not counted with the chapters.
APART = frozenset({"front", "back"})

_SOURCE = {
    "txt": "plain text",
    "md": "Markdown",
    "pdf": "a PDF",
    "docx": "a Word file",
    "epub": "an e-book (EPUB)",
    "odt": "an OpenDocument file (ODT)",
    "rtf": "a Rich Text file (RTF)",
}

_SIGNAL: dict[Signal, str] = {
    "marks": "marks in the file",
    "numbers": "numbers that count up",
    "contents": "a list of contents",
    "look": "how lines are set",
    "dates": "dates",
    "names": "words such as Prologue",
}

#: Below it, an outline that looks right may still not be.
_SURE = 0.7
#: Missing numbers that are named; of more, how many.
_NAMED = 5


def manuscript_facts(manuscript: Manuscript) -> str:
    """Say length, pages and chapters: "121,412 words · about 486 pages · 61 chapters"."""
    about = "about " if manuscript.page_count is None else ""
    kinds = [chapter.kind for chapter in manuscript.chapters]
    chapters = sum(kind not in APART and kind != "part" for kind in kinds)
    parts = kinds.count("part")
    return labels.facts(
        labels.length(manuscript.words, manuscript.unit),
        about + labels.plural(manuscript.pages, "page"),
        labels.plural(chapters, "chapter") if chapters else "",
        labels.plural(parts, "part") if parts else "",
    )


def origin(manuscript: Manuscript) -> str:
    """Say who wrote it and in which language, as far as is known, and what it was read from."""
    language = labels.language_name(manuscript.language)
    return labels.facts(manuscript.author, language, f"read from {_SOURCE[manuscript.source]}")


def surety(manuscript: Manuscript) -> tuple[str, bool]:
    """Say where the chapters come from, and whether an editor should check them."""
    if not manuscript.chapters:
        none = "No chapter headings were found. Split the text where chapters begin"
        return f"{none}, or have it analysed as a whole.", True
    unsure = manuscript.confidence < _SURE
    match manuscript.basis:
        case "editor":
            return "The chapters are as you arranged them.", False
        case "structure":
            basis = "The file marks its chapters"
        case "numbering":
            basis, has_gaps = _numbers(manuscript.chapters)
            unsure = unsure or has_gaps
        case "lines":
            basis, unsure = "Guessed from lines that look like headings", True
        case _:
            basis, unsure = "Found by lines that read as headings", True
    return (f"{basis}: please check." if unsure else f"{basis}."), unsure


def evidence(manuscript: Manuscript) -> str:
    """Say which signals name the chapters, and what each weighs; "" where none is known."""
    if manuscript.basis == "editor" or not manuscript.evidence:
        return ""
    votes = (
        f"{_SIGNAL[vote.signal]}, {vote.chapters:,} (weight {vote.weight:.2f})"
        for vote in manuscript.evidence
    )
    return f"Signs of headings: {'; '.join(votes)}."


def _numbers(chapters: tuple[Chapter, ...]) -> tuple[str, bool]:
    """Say which numbers the chapters have, and whether any is missing."""
    basis = "Found by their numbers"
    numbers = [each.number for each in chapters if each.number is not None and each.kind != "part"]
    if not numbers:
        return basis, False
    missing = [
        number for before, after in pairwise([0, *numbers]) for number in range(before + 1, after)
    ]
    if missing:
        named = ", ".join(f"{number:,}" for number in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        return f"{basis}; {named}{more} {'is' if len(missing) == 1 else 'are'} missing", True
    if sorted(numbers) == list(range(1, len(numbers) + 1)) and len(numbers) > 1:
        return f"{basis}, 1 to {len(numbers):,} without a gap", False
    return f"{basis}, without a gap", False

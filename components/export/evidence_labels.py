"""What was found of an answer's quotations, and what else it says without support, in words.

The same on pages and in files, which differ in how they mark a quotation.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter

from components.evidence import Evidence, Flag, FlagKind, Location, Marked, Quote
from components.export.formatting import line, plural
from components.markdown import Highlight

NOT_FOUND = "not found in the manuscript"

#: The head of the section of a file that says all this.
CHECKED = "What was checked"

QUOTES_NOTHING = (
    "This answer quotes nothing: nothing that it says could be looked up in the manuscript."
)

_REMARKS = {
    "other chapter": "not the chapter named here",
    "omission": "with an omission",
    "brackets": "the words in brackets are the model’s",
}

#: Of each kind what its mark says, and the head of a list of them.
FLAG_LABELS: dict[FlagKind, tuple[str, str]] = {
    "no chapter": ("the text has no such chapter", "Chapters that the text does not have"),
    "unread chapter": (
        "this chapter was not part of what was read",
        "Chapters that were not part of what was read",
    ),
    "name": ("this name is not in the manuscript", "Names that are not in the manuscript"),
    "chain": ("arrows, and nothing said between them", "Rows of arrows that say nothing"),
    "copy": ("said further up in the same words", "Said more than once in the same words"),
}

#: Characters of a text that a list quotes.
_LONGEST = 160


def where(quote: Quote, name: Callable[[Location], str] = attrgetter("name")) -> str:
    """Say where a quotation was found, or that it was not and how near the manuscript comes.

    `name` is what a location's chapter is called.
    """
    if quote.is_verified:
        notes = [name(quote.places[0]) or "in the manuscript"]
        notes += [note for remark, note in _REMARKS.items() if remark in quote.remarks]
        if more := quote.count - 1:
            notes.append(f"and {plural(more, 'more place')}")
        return ", ".join(notes)
    if quote.near is not None:
        near = name(quote.near)
        of = f" from those of {near}" if near else ""
        return f"{NOT_FOUND} in this form; punctuation or capitals differ{of}"
    kinds = {"phrase": "; perhaps a term", "title": "; a title"}
    return NOT_FOUND + kinds.get(quote.kind, "")


def quotation_count(total: int, found: int) -> str:
    """Say how many quotations there are, and how many of them were found."""
    if not total:
        return "No quotation of four words or more."
    count = plural(total, "quotation")
    if found == total:
        return f"{count}: {'' if total == 1 else 'all '}found in the manuscript."
    if not found:
        return f"{count}: {'not' if total == 1 else 'none'} found in the manuscript."
    return f"{count}: {found:,} found in the manuscript, {total - found:,} not."


def share_found(quotations: int, found: int) -> str:
    """Say in a table how many quotations were found: "3 of 4 (75%)"."""
    return (
        f"{found:,} of {quotations:,} ({found / quotations:.0%})" if quotations else "none quoted"
    )


def counted(evidence: Evidence, *, is_done: bool) -> str:
    """Say how much of what an answer quotes was found, and that a finished one quotes nothing.

    Empty where there is nothing to say of that.
    """
    if is_done and evidence.quotes_nothing:
        return QUOTES_NOTHING
    if not evidence.quotes:
        return ""
    return quotation_count(len(evidence.quotations), evidence.found)


def flagged(evidence: Evidence, most: int | None = None) -> list[str]:
    """Return a line for each kind of flag: what it is, and the texts, `most` of them."""
    lines = []
    for kind, (_, title) in FLAG_LABELS.items():
        texts = evidence.flagged(kind)
        listed = [short(text) for text in texts[:most]]
        if kind in ("chain", "copy"):
            listed = [f"“{text}”" for text in listed]
        more = f" and {len(texts) - len(listed):,} more" if len(listed) < len(texts) else ""
        if texts:
            lines.append(f"{title}: {', '.join(listed)}{more}.")
    return lines


def short(text: str) -> str:
    """Return `text` on one line, its end left out where it is long."""
    plain = line(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST].rsplit(' ', 1)[0]} …"


def highlights(
    marked: Iterable[Marked], of_quote: Callable[[Marked, Quote], Highlight | None]
) -> list[Highlight]:
    """Return the marks of a block, in order and none over another.

    `of_quote` makes that of a quotation, or none.
    """
    marks: list[Highlight] = []
    for each in marked:
        if isinstance(each.found, Flag):
            said = FLAG_LABELS[each.found.kind][0]
            mark: Highlight | None = Highlight(each.stretch, each.start, each.end, "unknown", said)
        else:
            mark = of_quote(each, each.found)
        if mark is not None and marks and marks[-1].stretch == mark.stretch:
            mark = replace(mark, start=max(mark.start, marks[-1].end))
        if mark is not None and mark.start < mark.end:
            marks.append(mark)
    return marks

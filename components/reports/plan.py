"""The plan of a report: which calls, in which order, and what they will take.

Where the book fits one context it is read as a whole; otherwise passage by passage, each with the
story so far, and what a lens noted on all of them is joined into its report, over more than one
level where the notes alone do not fit. All questions to one passage follow each other, so that the
server reads it once and answers the rest from its prefix cache.

Nothing here is asked of a model: a plan can be shown before it runs, and is the same each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from components.analysis import Lens, ask
from components.errors import ContextExceeded, LensError
from components.manuscripts import Manuscript
from components.reports import report_prompts
from components.reports.depth import LENGTHS, Lengths
from components.reports.passages import is_run, passages_of, whole
from components.reports.reading_request import Plan, ReadingRequest
from components.reports.steps import NAME, NO_TEXT, TEMPLATE, Steps
from components.store import Question

#: Tokens of telling a model what was wrong with the form of its answer.
_AGAIN = 160

#: A passage that is shorter than this, in tokens, cannot be worth a question.
LEAST_PASSAGE = 400


def plan(manuscript: Manuscript, order: ReadingRequest, *, count: Callable[[str], int]) -> Plan:
    """Return the plan of a report; `count` gives the tokens of a text.

    Raises: ContextExceeded where the context has no room for a passage beside a question, LensError
    where there is no lens or two have one title.
    """
    _check(order.lenses)
    lengths = LENGTHS[order.depth]
    book = whole(manuscript, order.chapters, count)
    steps = Steps(manuscript, order, lengths, count, _around(count, [""]))
    asked = [
        report_prompts.report(lens, language=order.language, from_notes=False)
        for lens in order.lenses
    ]
    around = _around(count, asked)
    one_call = book.tokens + around + lengths.report
    if is_run(order.chapters) and one_call <= order.num_ctx:
        return steps.in_one(book)
    room = _room(order, lengths, count)
    if room < LEAST_PASSAGE:
        raise ContextExceeded(
            order.num_ctx - room + LEAST_PASSAGE,
            order.num_ctx,
            advice="Choose a larger context in the options, fewer words, or a quicker reading.",
        )
    parts = passages_of(manuscript, order.chapters, room=room, count=count)
    return steps.by_passage(parts)


def indistinct(lenses: Sequence[Lens]) -> tuple[str, ...]:
    """Return the titles of lenses that a report could not tell apart: it goes by title and name."""
    titles = Counter(lens.title for lens in lenses)
    names = Counter(lens.name for lens in lenses)
    same = (lens.title for lens in lenses if titles[lens.title] > 1 or names[lens.name] > 1)
    return tuple(dict.fromkeys(same))


def _check(lenses: Sequence[Lens]) -> None:
    if not lenses:
        raise LensError("There is no lens to read by.", advice="Choose at least one.")
    if same := indistinct(lenses):
        raise LensError(
            f"Two lenses are called “{same[0]}”: in one report they could not be told apart.",
            advice="Leave one out, or rename yours.",
        )


def _around(count: Callable[[str], int], asked: Sequence[str]) -> int:
    """Return the tokens of the longest question with all that stands around a text."""
    bare = Question("m", "", "", ((0, 0),), 0, 0, "", "", "", part="notes")
    empty = count(ask(bare, NO_TEXT).prompt)
    return empty + max(map(count, asked), default=0) + TEMPLATE


def _room(order: ReadingRequest, lengths: Lengths, count: Callable[[str], int]) -> int:
    """Return the tokens that a passage may have, whatever is asked of it."""
    scope = "x " * NAME
    marks = count("\n\nWhat happened before it, from your own notes:\n## \n") + 2 * NAME
    before = lengths.story + marks if lengths.story else 0
    takes = [
        _around(count, [report_prompts.story(scope, tokens=lengths.story, language=order.language)])
        + lengths.story
    ]
    if lengths.notes:
        asked = [
            report_prompts.notes(lens, scope, tokens=lengths.notes, language=order.language)
            for lens in order.lenses
        ]
        # Asked again for its form, it is told its last answer and what was wrong with it.
        again = lengths.notes + _AGAIN if any(lens.schema for lens in order.lenses) else 0
        takes.append(_around(count, asked) + lengths.notes + again)
    if lengths.scores and order.has_scores:
        again = lengths.scores + _AGAIN
        takes.append(
            _around(count, [report_prompts.scores(scope, language=order.language)])
            + lengths.scores
            + again
        )
    room = order.num_ctx - before - max(takes)
    return min(room, lengths.passage or room)

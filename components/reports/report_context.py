"""The context (`num_ctx`) in which a report is written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from components.manuscripts import Chapter, Manuscript
from components.reports.plan import ReadingRequest, longest_answer

#: Contexts in tokens that a report asks for. A local model reads well what is not much longer than
#: the larger one, and a server without a graphics card reads no faster in more.
SMALL, LARGE = 8192, 32768

#: Tokens around a passage, the questions included.
_AROUND = 900


def in_context(
    manuscript: Manuscript,
    request: ReadingRequest,
    count: Callable[[Sequence[str]], Sequence[int]],
) -> ReadingRequest:
    """Return `request` with the context, in tokens, that its options give, or else one that suits.

    No more is asked for than the model was made for: Ollama would not give it. What suits is what
    it is loaded with, if that holds a chapter and no more than it reads well; else what the longest
    chapter takes, SMALL at most. `count` returns the tokens of each text.
    """
    texts = [manuscript.chapter_text(chapter) for chapter in chosen_chapters(manuscript, request)]
    # In one look: the plan asks for each.
    counts = count(texts or [manuscript.text])
    if request.options.num_ctx:
        most = request.model.context_length or request.options.num_ctx
        return replace(request, num_ctx=min(request.options.num_ctx, most))
    limit = request.model.context_length or SMALL
    loaded = request.model.loaded.context_length if request.model.loaded else 0
    if SMALL <= loaded <= LARGE:
        return replace(request, num_ctx=loaded)
    wanted = max(counts) + _AROUND + 2 * longest_answer(request)
    return replace(request, num_ctx=min(limit, SMALL, -(-wanted // 2048) * 2048))


def chosen_chapters(manuscript: Manuscript, request: ReadingRequest) -> list[Chapter]:
    """Return the chapters that are to be read."""
    return [chapter for chapter in manuscript.chapters if chapter.index in request.chapters]

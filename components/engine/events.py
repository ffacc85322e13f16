"""What happens during one call, in the order in which it happens, and what Ollama measured."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a call is; each begins once, in this order."""

    CONTACTING = "contacting"
    LOADING = "loading"
    READING = "reading"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class StageBegan:
    """The call entered `stage`."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class ContextChosen:
    """`num_ctx` tokens of context were asked for; `limit` is the model's own, None if unknown."""

    num_ctx: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of the answer that came in `pieces` pieces, one a token as Ollama sends them."""

    text: str
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Thought:
    """A stretch of what a thinking model thinks before it answers."""

    text: str
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Statistics:
    """The final figures of one call; counts in tokens, durations in nanoseconds.

    `done_reason` to `eval_duration` are Ollama's own, by its names, and None where the call ended
    before Ollama sent them: nothing is filled in by guess. The rest was measured by this client:
    `load_wait` from asking for the model until it was in memory, `time_to_first_token` from
    sending the prompt, `received` the pieces of text that arrived (one a token, as Ollama sends
    them), `num_ctx` the context that was asked for.
    """

    model: str
    num_ctx: int
    done_reason: str | None = None
    total_duration: int | None = None
    load_duration: int | None = None
    prompt_eval_count: int | None = None
    prompt_eval_duration: int | None = None
    eval_count: int | None = None
    eval_duration: int | None = None
    load_wait: int | None = None
    time_to_first_token: int | None = None
    received: int = 0

    @property
    def tokens_per_second(self) -> float | None:
        """Speed of writing: `eval_count / eval_duration`, as Ollama's API document has it."""
        return _per_second(self.eval_count, self.eval_duration)

    @property
    def prompt_tokens_per_second(self) -> float | None:
        """Speed of reading; a prompt that was in the server's cache makes it look very fast."""
        return _per_second(self.prompt_eval_count, self.prompt_eval_duration)

    @property
    def context_used(self) -> int | None:
        """Tokens of the context that prompt and answer fill together."""
        if self.prompt_eval_count is None or self.eval_count is None:
            return None
        return self.prompt_eval_count + self.eval_count


def _per_second(count: int | None, nanoseconds: int | None) -> float | None:
    return count * 1_000_000_000 / nanoseconds if count and nanoseconds else None


@dataclass(frozen=True, slots=True)
class Finished:
    """The server is done; always the last event of a call that did not fail."""

    statistics: Statistics


Event = StageBegan | ContextChosen | Text | Thought | Finished

"""How many tokens a text takes, and how large a context to ask for.

`num_ctx` is a launch parameter of Ollama: without one the server's default holds (4,096 tokens on
a machine without a GPU), and changing it loads the model again. So it is always sent, in steps, and
a context that is loaded and large enough is kept. Before the first call the count is an estimate;
the server's own counts then correct it for each model (`Calibration`).
"""

from dataclasses import dataclass, field
from math import ceil

#: UTF-8 bytes a token, before anything is known of the model. English prose measured 4.2 to 4.4
#: characters a token with SmolLM2's vocabulary; bytes, because scripts that take more of them take
#: more tokens too.
DEFAULT_BYTES_PER_TOKEN = 4.2

#: `num_ctx` is rounded up to this, so that similar texts do not load the model again and again.
STEP = 2048

#: Room for the error of an estimate, as a share of it.
MARGIN = 0.12

#: An answer is worth beginning with this many tokens of room; a `verbose` one takes 800 to 2,000.
LEAST_ANSWER = 512

#: Tokens that a picture is taken for before the server counts it: models take 250 to 1,500.
PICTURE_TOKENS = 1024

#: The context for counting a text that is too long in any case: a larger one takes memory in vain.
SMALLEST_CONTEXT = 2048


@dataclass(slots=True)
class Calibration:
    """What the server's counts say about its models; by digest, for the life of the app.

    `counts` are exact ones, by digest and hash of the text (`token_counting`).
    """

    counts: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)
    _bytes_per_token: dict[str, float] = field(default_factory=dict)
    _prompt_rate: dict[str, float] = field(default_factory=dict)

    def learn(
        self, digest: str, *, prompt_bytes: int, tokens: int, tokens_per_second: float | None = None
    ) -> None:
        """Remember that `prompt_bytes` of UTF-8 were `tokens`, read at `tokens_per_second`.

        Short prompts say little of prose and are ignored; so are speeds more than half above the
        one known, which come from the server's prefix cache.
        """
        if tokens < 256 or prompt_bytes <= 0:
            return
        self._bytes_per_token[digest] = prompt_bytes / tokens
        if tokens_per_second:
            known = self._prompt_rate.get(digest)
            if known is None or tokens_per_second < 1.5 * known:
                self._prompt_rate[digest] = tokens_per_second

    def tokens(self, text: str, digest: str) -> int:
        """Estimate the tokens of `text`."""
        return ceil(len(text.encode()) / self._bytes_per_token.get(digest, DEFAULT_BYTES_PER_TOKEN))

    def reading_seconds(self, tokens: int, digest: str) -> float | None:
        """Estimate how long the model reads `tokens`; None until it has read something."""
        rate = self._prompt_rate.get(digest)
        return tokens / rate if rate else None


def fits(tokens: int, limit: int | None) -> bool:
    """Whether a prompt of `tokens` leaves room for an answer in a context of `limit` tokens."""
    return limit is None or tokens + LEAST_ANSWER <= limit


def choose_num_ctx(
    tokens: int, *, exact: bool, answer: int, limit: int | None, loaded: int | None
) -> int:
    """Return the context to ask for, in tokens.

    `tokens` is the prompt's count, `exact` when the server counted it; `answer` the room wanted
    for the answer; `limit` the model's own; `loaded` the context that it is loaded with, if it is.
    """
    prompt = tokens if exact else ceil(tokens * (1 + MARGIN))
    if limit is not None and not exact and tokens * (1 - 2 * MARGIN) > limit:
        # Too long in any case: the smallest context gets the exact count from the server.
        return min(limit, loaded or SMALLEST_CONTEXT)
    wanted = prompt + answer
    if limit is None:
        return loaded if loaded is not None and loaded >= wanted else _rounded(wanted)
    if loaded is not None and min(wanted, limit) <= loaded <= limit:
        return loaded
    return min(_rounded(wanted), limit)


def _rounded(tokens: int) -> int:
    return ceil(tokens / STEP) * STEP

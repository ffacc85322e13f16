"""What is shown of a pull: it goes on, never back, and a small layer before the weights is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from components.engine import PullProgress
from components.engine.model_management import Management
from components.engine.model_pull import explained, is_on_this_computer
from components.errors import PullFailed, PullLost, ServerError, UnknownModel


def layer(digest: str, completed: int, total: int) -> dict[str, Any]:
    return {"status": "pulling", "digest": digest, "completed": completed, "total": total}


def shares(*lines: dict[str, Any]) -> list[float]:
    progress = PullProgress()
    seen = []
    for second, line in enumerate(lines):
        progress.add(line, at=float(second))
        seen.append(progress.share)
    return seen


def test_a_small_layer_before_the_weights_fills_nothing() -> None:
    assert shares(layer("a", 1000, 1000), layer("b", 0, 5_000_000_000))[-1] == 0.0


def test_a_second_layer_of_weights_still_moves_it() -> None:
    first, second = 5_000_000_000, 800_000_000
    seen = shares(
        layer("a", first, first),
        layer("b", 0, second),
        layer("b", second // 2, second),
        layer("b", second, second),
        {"status": "verifying sha256 digest"},
        {"status": "success"},
    )
    assert seen == sorted(seen)
    assert len(set(seen)) == 4
    assert seen[-1] == 1.0
    assert seen[-2] < 1.0


def test_a_layer_that_is_fetched_again_does_not_step_back() -> None:
    seen = shares(*(layer("a", done, 8_000_000) for done in (4_000_000, 1_000_000, 5_000_000)))
    assert seen[0] == seen[1] < seen[2]


def test_the_last_bytes_of_a_layer_need_not_be_told() -> None:
    progress = PullProgress()
    for line in (layer("a", 10, 4_000_000), layer("b", 10, 3_000_000)):
        progress.add(line, at=0.0)
    assert (progress.completed, progress.total) == (4_000_010, 7_000_000)
    progress.add({"status": "verifying sha256 digest"}, at=1.0)
    assert progress.completed == 7_000_000


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("127.0.0.1:5000/library/whale:7b", True),
        ("http://127.0.0.1:5000/library/whale", True),
        ("localhost/library/whale", True),
        ("127.9.9.9:1/a/b", True),
        ("whale:7b", False),
        # A namespace of the vendor's registry, which Ollama would ask without encryption.
        ("localhost/whale", False),
        ("127.0.0.1/whale", False),
        ("http://localhost/whale", False),
        ("https://127.0.0.1/whale", False),
        ("127.0.0.1.example.org/a/b", False),
        ("localhost.example.org/a/b", False),
        ("office:5000/library/whale", False),
        ("192.168.1.5:5000/library/whale", False),
        ("127.0.0.1/a/b/c", False),
        ("//whale", False),
        ("", False),
    ],
)
def test_only_a_registry_on_this_computer_goes_without_encryption(
    model: str, expected: bool
) -> None:
    assert is_on_this_computer(model) is expected


@pytest.mark.parametrize(
    ("said", "kind", "word"),
    [
        ("pull model manifest: file does not exist", UnknownModel, "no model"),
        ("file does not exist", PullFailed, "lacks a part"),
        ("write /b-partial: no space left on device", PullLost, "disk"),
        ("digest mismatch, file must be downloaded again: want a, got b", PullLost, "checksum"),
        ("max retries exceeded: EOF", PullFailed, "again and again"),
        ("dial tcp: lookup x: no such host", PullFailed, "cannot reach"),
        ("http: server gave HTTP response to HTTPS client", PullFailed, "not encrypt"),
        ("tls: failed to verify certificate: x509: unknown authority", PullFailed, "certificate"),
        ("pull model manifest: 412: it requires a newer version of Ollama", PullFailed, "newer"),
        ("pull model manifest: 503:", PullFailed, "503"),
        ("unauthorized: access denied", PullFailed, "everybody"),
        ("context canceled", PullFailed, "ended"),
        ("EOF", PullFailed, "earlier try"),
        ("something new", PullFailed, "something new"),
    ],
)
def test_what_ollama_says_is_said_to_an_editor(said: str, kind: type[Exception], word: str) -> None:
    error = explained(ServerError(f"Ollama reports an error: {said}", status_code=None), "whale")
    assert type(error) is kind
    assert word in str(error)
    assert error.advice


class Canceling:
    """A client whose server ends the first pulls with one that it still cancels."""

    url = "http://127.0.0.1:1"

    def __init__(self, times: int) -> None:
        self.left = times
        self.asked = 0

    async def pull_lines(
        self, model: str, *, insecure: bool
    ) -> AsyncGenerator[dict[str, Any], None]:
        self.asked += 1
        yield {"status": f"pulling {model}", "insecure": insecure}
        if self.left:
            self.left -= 1
            raise ServerError("Ollama reports an error: context canceled", status_code=None)
        yield {"status": "success"}


@pytest.mark.parametrize(("times", "fails"), [(0, False), (2, False), (99, True)])
def test_a_pull_that_ends_with_a_canceled_one_is_asked_for_again(times: int, fails: bool) -> None:
    client = Canceling(times)

    async def pull() -> list[str]:
        management = Management(client, None)  # type: ignore[arg-type]
        return [line["status"] async for line in management.pull("whale")]

    if fails:
        with pytest.raises(PullFailed):
            asyncio.run(pull())
    else:
        assert asyncio.run(pull())[-1] == "success"
    assert client.asked == min(times + 1, 5)

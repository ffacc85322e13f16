"""Fetching a model: how far a pull is, and what is wrong with the registry when it fails.

Ollama reports the bytes of each layer by itself; they are summed here, so that what is shown never
steps back, as the figures of a single layer do (ollama#8484). Of a failure it sends only words:
those of its `server/images.go` and `server/download.go`, and of Go's library below them.
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.engine.http import is_loopback
from components.errors import PullFailed, PullLost, ServerError, UnknownModel

#: Seconds over which the speed is measured.
_WINDOW = 8.0

#: Bytes below which layers are not weights but licenses, templates or parameters.
_SMALL = 1_000_000

#: The share of what is left that a layer of weights fills.
_FILLS = 0.9


@dataclass(slots=True)
class PullProgress:
    """How far a pull is; bytes, and seconds of any steady clock.

    `completed`, `total` and `share` (0 to 1) never become less. What was there from an earlier
    pull counts as completed, but not as speed.

    Ollama reports a layer only when its turn has come, and a model may have several of weights. So
    each of these fills nine tenths of what the ones before have left: the share goes on and neither
    stands still at the end of the first nor steps back at the beginning of the second.
    """

    status: str = ""
    completed: int = 0
    total: int = 0
    share: float = 0.0
    is_done: bool = False
    _layers: dict[str, tuple[int, int]] = field(default_factory=dict)
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, line: Mapping[str, Any], *, at: float) -> None:
        """Take in one line of `/api/pull`, which came at the second `at`."""
        self.status = str(line.get("status") or "")
        self.is_done = self.status == "success"
        digest, total = line.get("digest"), line.get("total")
        if isinstance(digest, str) and isinstance(total, int):
            completed = line.get("completed")
            done = min(completed, total) if isinstance(completed, int) else 0
            before = self._layers.get(digest)
            if before is None:
                self._complete_layers()
                # A layer may begin with what an earlier pull has left.
                self._seen = deque((when, count + done) for when, count in self._seen)
            self._layers[digest] = max(done, before[0] if before else 0), total
        else:
            self._complete_layers()
        self.completed = sum(done for done, _ in self._layers.values())
        self.total = sum(size for _, size in self._layers.values())
        left = 1.0
        for done, size in self._layers.values():
            if size >= _SMALL:
                left *= 1 - _FILLS * done / size
        self.share = 1.0 if self.is_done else max(self.share, 1 - left)
        self._seen.append((at, self.completed))
        while len(self._seen) > 2 and at - self._seen[0][0] > _WINDOW:
            self._seen.popleft()

    def _complete_layers(self) -> None:
        """Ollama fetches one layer after another, and often does not report the end of one."""
        self._layers = {digest: (total, total) for digest, (_, total) in self._layers.items()}

    @property
    def speed(self) -> float | None:
        """Bytes a second of late; None until it is known."""
        if len(self._seen) < 2:
            return None
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        return (now - before) / (last - first) if last - first >= 0.5 else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the layers known so far are complete; None while nothing moves."""
        speed = self.speed
        return (self.total - self.completed) / speed if speed else None


def is_on_this_computer(model: str) -> bool:
    """Whether `model` names a registry on the loopback, the only kind that needs no encryption.

    Only host, namespace and name together name a registry: the first part of "localhost/whale" is
    a namespace of Ollama's own registry, which must not be asked without encryption.
    """
    parts = model.removeprefix("http://").split("/")
    return len(parts) == 3 and all(parts) and is_loopback(parts[0].partition(":")[0])


#: What Ollama says of a pull that ends with another one that was canceled.
CANCELED = "context canceled"

#: What Ollama says, as a pattern, and what to raise for it; the first that matches holds.
_FAILURES = {
    r"manifest: file does not exist|invalid model name": UnknownModel(
        "The registry has no model {model}."
    ),
    r"no space left|disk full|not enough space": PullLost(
        "The disk of the Ollama server is full.",
        advice="Make room, for example by deleting a model, then go on. What was complete is kept; "
        "what did not fit is fetched again.",
    ),
    r"digest mismatch": PullLost(
        "What came from the registry is damaged: it has not the checksum that was promised.",
        advice="Resume: the damaged part was thrown away and is fetched again. If it happens "
        "again, the fault is in the registry.",
    ),
    r"http response to https client|insecure protocol": PullFailed(
        "That registry does not encrypt what it sends.",
        advice="Choose another: without encryption models are fetched from this computer only.",
    ),
    r"x509|tls:": PullFailed(
        "The certificate of that registry is not to be trusted.",
        advice="Choose another registry, or ask those who run it.",
    ),
    r"unauthorized|access denied|realm host|(?:^|: )40[13]:": PullFailed(
        "The registry does not give {model} to everybody.",
        advice="Sign in to it with the Ollama of that server, or choose another model.",
    ),
    r"file does not exist": PullFailed(
        "The registry lacks a part of this model.",
        advice="Try again later, or choose another model; what was fetched is kept.",
    ),
    r"max retries exceeded": PullFailed(
        "The connection to the model registry breaks again and again.",
        advice="Check the server’s network, then go on: what was fetched is kept.",
    ),
    r"no such host|dial tcp|timeout|unreachable|deadline exceeded": PullFailed(
        "The Ollama server cannot reach the model registry.",
        advice="Check its network, then go on: what was fetched is kept.",
    ),
    CANCELED: PullFailed(
        "The download was ended at the Ollama server.", advice="Resume: what was fetched is kept."
    ),
    r"(?:^|: )412:": PullFailed(
        "{model} needs a newer Ollama than this server’s.",
        advice="Bring Ollama up to date, then get the model again.",
    ),
    r"(?:^|: )(?P<status>[45]\d\d):": PullFailed(
        "The model registry reports an error (HTTP status {status}).",
        advice="Try again later: what was fetched is kept.",
    ),
    r"^(?:unexpected )?eof$": PullFailed(
        "Ollama cannot read what it has kept of an earlier try.",
        advice="Delete the files with “partial” in their names from the folder blobs of Ollama’s "
        "models, then get the model again.",
    ),
}


def explained(error: ServerError, model: str) -> PullFailed:
    """Return the exception that says in an editor's words why the pull of `model` ended."""
    reason = str(error).lower().removeprefix("ollama reports an error: ")
    for pattern, failure in _FAILURES.items():
        if match := re.search(pattern, reason):
            message = str(failure).format(model=model, **match.groupdict())
            return type(failure)(message, advice=failure.advice)
    return PullFailed(f"The download failed. {error}")

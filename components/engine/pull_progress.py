"""How far a pull is, from what Ollama says of its layers.

Ollama tells the bytes of each layer by itself; they are summed here, so that what is shown never
steps back, as the figures of a single layer do (ollama#8484).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Seconds over which the speed is measured.
_WINDOW = 8.0

#: Bytes below which layers are no weights: licences, templates, parameters.
_SMALL = 1_000_000

#: How much of what is left a layer of weights fills.
_FILLS = 0.9


@dataclass(slots=True)
class PullProgress:
    """The sum of what a pull has said; bytes, and seconds of any even clock.

    `completed`, `total` and `share` (0 to 1) never become less. What was there from an earlier
    pull counts as completed, but not as speed.

    Ollama tells of a layer only when its turn has come, and a model may have several of weights. So
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
            done = min(int(line.get("completed") or 0), total)
            before = self._layers.get(digest)
            if before is None:
                self._complete()
            if before is None and self._seen:
                # A layer may begin with what an earlier pull has left.
                self._seen = deque((when, count + done) for when, count in self._seen)
            self._layers[digest] = max(done, before[0] if before else 0), total
        elif self._layers:
            self._complete()
        self.completed = sum(done for done, _ in self._layers.values())
        self.total = sum(size for _, size in self._layers.values())
        if self.is_done:
            self.share = 1.0
        else:
            self.share = max(self.share, self._filled())
        self._seen.append((at, self.completed))
        while len(self._seen) > 2 and at - self._seen[0][0] > _WINDOW:
            self._seen.popleft()

    def _filled(self) -> float:
        left = 1.0
        for done, size in self._layers.values():
            if size >= _SMALL:
                left *= 1 - _FILLS * done / size
        return 1 - left

    def _complete(self) -> None:
        """Ollama fetches one layer after another, and is often silent of the last bytes of one."""
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

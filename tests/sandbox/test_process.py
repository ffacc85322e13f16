"""A worker is started with nothing of the app's, and killed with all that it started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from components.errors import FirstReaderError
from components.sandbox import WorkerFailed, process, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")


def ran(**options: Any) -> tuple[dict[str, Any], bytes]:
    """What a worker makes of nothing."""
    return run(
        "unused",
        {},
        b"",
        into=lambda fields, data: (fields, data),
        errors=FirstReaderError,
        **{"memory_bytes": 2**30, "seconds": 60, **options},
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.kill(os.getpid(), 11)", "crash"),
        ("import os; os.kill(os.getpid(), 9)", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "time"),
        ("raise ValueError", "crash"),
        ("print('no answer')", "answer"),
        ('print(\'{"failed": "limit"}\')', "limit"),
        ("import time; time.sleep(60)", "time"),
        ("\nwhile True: pass", "time"),
    ],
)
def test_why_a_worker_failed(workers: Callable[[str], None], code: str, reason: str) -> None:
    workers(code)
    with pytest.raises(WorkerFailed) as caught:
        ran(seconds=1.0)
    assert caught.value.reason == reason


def test_progress_and_an_answer_whose_data_looks_like_progress(
    workers: Callable[[str], None],
) -> None:
    answer = 'progress 1 2\n{"result": {"a": 1}}\nprogress 2 2\n'
    workers(f"import sys; sys.stdout.write({answer!r})")
    seen: list[tuple[int, int]] = []
    result = ran(on_progress=lambda *done: seen.append(done))
    assert (result, seen) == (({"a": 1}, b"progress 2 2\n"), [(1, 2)])


def test_what_a_worker_started_dies_with_it(workers: Callable[[str], None]) -> None:
    code = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen(['sleep', '600']);"
        "print('progress', child.pid, 1, flush=True); time.sleep(600)"
    )
    workers(code)
    started: list[int] = []
    with pytest.raises(WorkerFailed, match="time"):
        ran(seconds=2.0, on_progress=lambda pid, _: started.append(pid))
    (pid,) = started
    deadline = time.monotonic() + 10
    while runs(pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert not runs(pid)


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie that only waits to be collected."""
    out = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return bool(out.stdout.strip()) and not out.stdout.strip().startswith(b"Z")


def test_a_worker_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    seen: dict[str, dict[str, str]] = {}

    def look(*_: object, **options: dict[str, str]) -> None:
        seen.update(options)
        raise OSError

    monkeypatch.setattr(subprocess, "Popen", look)
    with pytest.raises(WorkerFailed, match="start"):
        ran()
    assert "SECRET_TOKEN" not in seen["env"]
    added = set(seen["env"]) - set(os.environ)
    assert all(name.endswith("_NUM_THREADS") for name in added)


#: Tells its process, once it has been asked.
TELLS_ITSELF = """
import os, sys
sys.stdin.buffer.read()
print('{"result": {"pid": %d}}' % os.getpid())
"""


@pytest.fixture
def started(workers: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes of the workers so far, which tell that."""
    workers(TELLS_ITSELF)
    start, pids = process.start, []

    def noted(command: Any) -> subprocess.Popen[bytes]:
        worker = start(command)
        pids.append(worker.pid)
        return worker

    monkeypatch.setattr(process, "start", noted)
    return pids


def test_from_the_second_file_on_a_worker_waits_for_the_next(started: list[int]) -> None:
    used = [ran()[0]["pid"] for _ in range(4)]
    assert used == started[:4]
    assert len(started) == 5
    assert runs(started[4])
    process._next.close()
    assert not runs(started[4])


@pytest.mark.parametrize("change", ["memory", "environment", "death", "age"])
def test_a_worker_that_is_none_for_this_file_is_ended(
    started: list[int], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    for _ in range(2):
        ran()
    waiting = started[2]
    options: dict[str, Any] = {}
    match change:
        case "memory":
            options = {"memory_bytes": 2**31}
        case "environment":
            monkeypatch.setenv("TESSDATA_PREFIX", "elsewhere")
        case "death":
            os.kill(waiting, 9)
            while runs(waiting):
                os.sched_yield()
        case "age":
            monkeypatch.setattr(process, "IDLE_SECONDS", 0)
    assert ran(**options)[0]["pid"] == started[3]
    assert not runs(waiting)

"""A worker is started with nothing of the app's, and killed with all that it started."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from components.sandbox import WorkerFailed, process, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")

PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}


def worker_of(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every worker run `code`."""

    def start(*_: object) -> subprocess.Popen[bytes]:
        silent = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {code}"
        return subprocess.Popen([sys.executable, "-c", silent], **PIPES, **process.OWN_GROUP)

    monkeypatch.setattr(process, "start", start)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.kill(os.getpid(), 11)", "crash"),
        ("import os; os.kill(os.getpid(), 9)", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "time"),
        ("raise ValueError", "crash"),
        ("import time; time.sleep(60)", "time"),
        ("\nwhile True: pass", "time"),
    ],
)
def test_why_a_worker_failed(monkeypatch: pytest.MonkeyPatch, code: str, reason: str) -> None:
    worker_of(code, monkeypatch)
    with pytest.raises(WorkerFailed) as caught:
        run("unused", b"{}\n", seconds=1.0)
    assert caught.value.reason == reason


def test_progress_and_an_answer_whose_data_looks_like_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker_of(r"import sys; sys.stdout.write('progress 1 2\n{}\nprogress 2 2\n')", monkeypatch)
    seen: list[tuple[int, int]] = []
    answer = run("unused", b"", seconds=60, on_progress=lambda *done: seen.append(done))
    assert (answer, seen) == (b"{}\nprogress 2 2\n", [(1, 2)])


def test_what_a_worker_started_dies_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen(['sleep', '600']);"
        "print('progress', child.pid, 1, flush=True); time.sleep(600)"
    )
    worker_of(code, monkeypatch)
    started: list[int] = []
    with pytest.raises(WorkerFailed, match="time"):
        run("unused", b"", seconds=2.0, on_progress=lambda pid, _: started.append(pid))
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
        run("unused", b"", seconds=1.0, environment={"OMP_NUM_THREADS": "1"})
    assert "SECRET_TOKEN" not in seen["env"]
    assert set(seen["env"]) <= {*os.environ, "OMP_NUM_THREADS"}

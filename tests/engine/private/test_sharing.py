"""One Ollama for all processes of the user, as long as one of them uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.engine.private import Folder, OllamaProcess
from components.errors import OllamaUnavailable
from components.settings import PROJECT
from tests.engine.private.helpers import alive, ask, pid_of, program, sharer, wait_for_end
from tests.waiting import until


@contextmanager
def elsewhere(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Another process that starts the server, with the server's process id."""
    code = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from tests.engine.private.helpers import pid_of, sharer\n"
        "server = sharer(Path(sys.argv[1]))\n"
        "server.start()\n"
        "print(pid_of(server), flush=True)\n"
        "signal.pause()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT)
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_who_comes_later_uses_what_runs_and_the_last_one_ends_it(tmp_path: Path) -> None:
    first, second = sharer(tmp_path), sharer(tmp_path)
    first.start()
    second.start()
    assert second.url == first.url
    pid = pid_of(first)
    first.stop()
    assert not first.running
    with pytest.raises(OllamaUnavailable):
        _ = first.url
    assert second.running
    assert pid_of(second) == pid
    first.start()  # It comes back.
    assert pid_of(first) == pid
    second.stop()
    first.stop()
    wait_for_end(pid)


def test_the_one_that_started_it_ends_it_before_it_goes(tmp_path: Path) -> None:
    with sharer(tmp_path) as server:
        pid = pid_of(server)
    assert not alive(pid)


def test_all_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    sharers = [sharer(tmp_path) for _ in range(5)]
    with ThreadPoolExecutor(len(sharers)) as pool:
        list(pool.map(OllamaProcess.start, sharers))
    (pid,) = {pid_of(one) for one in sharers}
    for one in sharers:
        one.stop()
    wait_for_end(pid)


def test_it_outlives_a_killed_process_that_started_it_and_then_ends_with_the_last(
    tmp_path: Path,
) -> None:
    with elsewhere(tmp_path) as (process, pid):
        with sharer(tmp_path) as here:
            assert pid_of(here) == pid
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert here.running
            assert pid_of(here) == pid
        wait_for_end(pid)


def test_killed_processes_leave_no_server(tmp_path: Path) -> None:
    with elsewhere(tmp_path) as (process, pid):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_for_end(pid)


def test_a_server_that_died_is_started_anew_for_all(tmp_path: Path) -> None:
    with elsewhere(tmp_path) as (_, pid), sharer(tmp_path) as here, sharer(tmp_path) as third:
        os.kill(pid, signal.SIGKILL)
        until(lambda: not here.running)
        here.start()
        third.start()
        assert pid_of(here) == pid_of(third) != pid


def test_a_server_that_does_not_start_is_tried_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "ollama")
    binary = program(tmp_path / "bad", "ollama", "exit 2")
    broken = OllamaProcess(binary, folder, private=True)
    with pytest.raises(OllamaUnavailable):
        broken.start()
    with sharer(tmp_path) as server:
        assert pid_of(server)


@pytest.mark.parametrize("private", [True, False])
def test_it_runs_as_many_calls_at_once_as_the_first_one_asks(tmp_path: Path, private: bool) -> None:
    first = sharer(tmp_path, private=private, parallel=3)
    with first, sharer(tmp_path, private=private, parallel=5) as second:
        environ = ask(second.url)["environ"]
        assert isinstance(environ, dict)
        assert environ["OLLAMA_NUM_PARALLEL"] == "3"
        assert second.parallel == 3


def test_the_users_own_program_keeps_its_own_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_NUM_PARALLEL", "7")
    with sharer(tmp_path, private=False, parallel=2) as server:
        environ = ask(server.url)["environ"]
        assert isinstance(environ, dict)
        assert environ["OLLAMA_NUM_PARALLEL"] == "7"

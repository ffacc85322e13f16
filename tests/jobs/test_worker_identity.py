from __future__ import annotations

import os
import subprocess
import sys

import pytest

from components.jobs import is_gone, new_name, worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


def name_of(process: int) -> str:
    machine, _, _, tail = new_name().split("/")
    return f"{machine}/{process}/{worker._began(process)}/{tail}"


def test_names_are_of_this_process_and_never_the_same() -> None:
    names = {new_name() for _ in range(10)}
    assert len(names) == 10
    assert {name.split("/")[1] for name in names} == {str(os.getpid())}


def test_this_process_is_there() -> None:
    assert not is_gone(new_name())


def test_a_process_that_ended_is_gone_also_before_its_parent_has_noticed() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        name = name_of(child.pid)
        assert not is_gone(name)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # A zombie from now on.
        assert is_gone(name)
    assert is_gone(name)


def test_a_number_that_another_process_has_now_is_gone() -> None:
    machine, process, began, tail = new_name().split("/")
    assert is_gone(f"{machine}/{process}/{int(began) - 1}/{tail}")


def test_of_another_machine_nothing_is_known() -> None:
    _, process, _, tail = new_name().split("/")
    assert not is_gone(f"another.pid:[1]/{process}/1/{tail}")
    assert not is_gone(f"/{process}/1/{tail}")


@pytest.mark.parametrize(
    "name", ["", "a worker", "///", "a/b/c/d", "a/1/2", "1/2/3/4/5", "²/²/²/²"]
)
def test_of_garbage_nothing_is_known(name: str) -> None:
    assert not is_gone(name)


@pytest.mark.parametrize("process", ["x", "", "-1", "../self", "²"])
def test_of_no_process_nothing_is_known(process: str) -> None:
    machine = new_name().split("/")[0]
    assert not is_gone(f"{machine}/{process.replace('/', '')}/1/x")


def test_where_the_system_does_not_tell_nobody_is_gone(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = new_name()
    monkeypatch.setattr(worker, "_PROC", tmp_path)
    worker._machine.cache_clear()
    try:
        assert not is_gone(name)
        assert not is_gone(new_name())
    finally:
        worker._machine.cache_clear()

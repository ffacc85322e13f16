from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import ollama
import pytest

from components.engine.private import Folder, OllamaProcess, problem, start_private
from components.engine.private.launchers import write_launchers
from components.engine.private.pins import MODEL
from components.errors import OllamaUnavailable, SetupFailed
from tests.engine.private.helpers import FAKE, alive, ask, program, wait_for_end


def fake(tmp_path: Path, *, private: bool) -> OllamaProcess:
    binary = program(tmp_path / "bin", "ollama", FAKE)
    return OllamaProcess(binary, Folder(tmp_path / "ollama"), private=private)


def test_start_and_stop(tmp_path: Path) -> None:
    server = fake(tmp_path, private=True)
    with pytest.raises(OllamaUnavailable):
        _ = server.url
    server.start()
    first = ask(server.url)
    server.start()
    assert ask(server.url)["pid"] == first["pid"]
    assert server.running
    server.stop()
    server.stop()
    assert not server.running
    assert not alive(int(str(first["pid"])))
    with pytest.raises(OllamaUnavailable):
        _ = server.url


def test_the_private_one_sees_nothing_of_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_MODELS", "/users/own")
    monkeypatch.setenv("OLLAMA_DEBUG_LOG_REQUESTS", "1")
    with fake(tmp_path, private=True) as server:
        environ = ask(server.url)["environ"]
    assert isinstance(environ, dict)
    folder = Folder(tmp_path / "ollama")
    assert environ["HOME"] == str(folder.home)
    assert environ["OLLAMA_MODELS"] == str(folder.models)
    assert environ["OLLAMA_NO_CLOUD"] == "1"
    assert environ["OLLAMA_HOST"].startswith("127.0.0.1:")
    assert "OLLAMA_DEBUG_LOG_REQUESTS" not in environ


def test_an_installed_one_keeps_the_users_models_but_logs_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_MODELS", "/users/own")
    monkeypatch.setenv("OLLAMA_DEBUG", "2")
    monkeypatch.setenv("OLLAMA_DEBUG_LOG_REQUESTS", "1")
    with fake(tmp_path, private=False) as server:
        environ = ask(server.url)["environ"]
    assert isinstance(environ, dict)
    assert environ["HOME"] == os.environ["HOME"]
    assert environ["OLLAMA_MODELS"] == "/users/own"
    assert environ["OLLAMA_NO_CLOUD"] == "1"
    assert not {"OLLAMA_DEBUG", "OLLAMA_DEBUG_LOG_REQUESTS"} & set(environ)


def test_a_port_that_was_taken_meanwhile_is_left_for_another(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    script = (
        f"if [ ! -e {taken} ]; then touch {taken}; "
        "echo 'Error: listen tcp 127.0.0.1:1: bind: address already in use'; exit 1; fi\n"
    )
    binary = program(tmp_path / "bin", "ollama", script + FAKE)
    with OllamaProcess(binary, Folder(tmp_path / "ollama"), private=True) as server:
        assert ask(server.url)["version"] == "0"
    assert taken.exists()


def test_a_server_that_ends_at_once(tmp_path: Path) -> None:
    binary = program(tmp_path / "bin", "ollama", "echo broken; exit 2")
    server = OllamaProcess(binary, Folder(tmp_path / "ollama"), private=True)
    with pytest.raises(OllamaUnavailable, match=r"serve\.log"):
        server.start()
    assert not server.running
    assert "broken" in Folder(tmp_path / "ollama").serve_log.read_text()


def test_a_server_that_never_answers(tmp_path: Path) -> None:
    binary = program(tmp_path / "bin", "ollama", "exec sleep 600")
    server = OllamaProcess(binary, Folder(tmp_path / "ollama"), private=True)
    with pytest.raises(OllamaUnavailable, match="does not answer"):
        server.start(deadline=0.3)
    assert not server.running


def test_start_private_needs_a_build(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match="make setup"):
        start_private(tmp_path)
    assert problem(tmp_path) is None


def test_launchers_run_from_a_folder_with_spaces(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a folder 'with' $signs")
    write_launchers(folder)
    (folder.python / "xllamacpp").mkdir(parents=True)
    (folder.python / "xllamacpp" / "__init__.py").write_text(
        "def get_system_info():\n    return 'CPU'\n"
    )
    server = folder.launchers / "llama-server"
    done = subprocess.run([server, "--port", "1", "--verbose"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "system_info: CPU\n")
    before = server.stat().st_mtime_ns
    write_launchers(folder)
    assert server.stat().st_mtime_ns == before


@pytest.fixture
def built(private_root: Path, tmp_path: Path) -> Path:
    """A folder with what was built, whose server and models are not those of a running app."""
    write_launchers(Folder(private_root))  # Its program looks for them there.
    root = tmp_path / "ollama"
    root.mkdir()
    for name in ("bin", "python", "weights", "stamps"):
        (root / name).symlink_to(private_root / name)
    return root


def test_the_private_server_answers_with_the_small_model(built: Path) -> None:
    """All that the private Ollama promises: model, answer, silence about it, and a full stop."""
    secret = "Zanzibarquillix wept over the Moonfjord"
    server = start_private(built)
    try:
        options = {"num_predict": 12, "num_ctx": 512, "stop": ["Xyzzyplugh"]}
        messages = [{"role": "user", "content": f"{secret}. Repeat this."}]
        with ollama.Client(host=server.url, trust_env=False) as client:
            assert MODEL in [model.model for model in client.list().models]
            answer = client.chat(model=MODEL, messages=messages, options=options)
        assert answer.message.content
        pids = family(server)
        assert len(pids) >= 2  # Ollama and its runner, at least.
    finally:
        server.stop()
    for pid in pids:
        wait_for_end(pid)
    log = Folder(built).serve_log.read_text(encoding="utf-8", errors="replace")
    for text in ("Zanzibar", "Moonfjord", "Xyzzy", answer.message.content.strip()[:20]):
        assert text not in log
    asked = set(re.findall(r'(?:Get|Post|Head) \\?"https?://([^/\\":]+)', log))
    assert asked <= {"127.0.0.1", "localhost"}
    assert "cloud disabled: true" in log
    assert "GPU discovery watchdog" not in log


def test_a_killed_app_leaves_no_server(built: Path) -> None:
    code = (
        "import json, signal, sys\n"
        "from pathlib import Path\n"
        "from components.engine.private import start_private\n"
        "from components.engine.private.start import first_answer\n"
        "server = start_private(Path(sys.argv[1]))\n"
        "print(json.dumps([server.url, server._process.pid]), flush=True)\n"
        "signal.pause()\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(built)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder.stdout:
        url, supervisor = json.loads(holder.stdout.readline())
    with ollama.Client(host=url, trust_env=False) as client:
        client.generate(model=MODEL, prompt="Hello", options={"num_predict": 1, "num_ctx": 256})
    pids = descendants(supervisor)
    assert len(pids) >= 2
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    for pid in [supervisor, *pids]:
        wait_for_end(pid)
    with pytest.raises(httpx.ConnectError):
        ask(url)


def family(server: OllamaProcess) -> list[int]:
    process = server._process
    assert process is not None
    return descendants(process.pid)


def descendants(pid: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    parents = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found = [pid]
    for known in found:
        found += [child for child, parent in parents if parent == known]
    return found[1:]

"""Small programs and servers that stand in for Ollama, Go and pip in these tests."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from components.engine.private import Folder, OllamaProcess
from tests.waiting import until

#: A server that speaks as much Ollama as a start needs, on the port that OLLAMA_HOST names.
FAKE = f"""exec {sys.executable} - <<'END'
import http.server, json, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"version": "0", "pid": os.getpid(), "environ": dict(os.environ)}})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
host, _, port = os.environ["OLLAMA_HOST"].partition(":")
http.server.HTTPServer((host, int(port)), Handler).serve_forever()
END"""


def program(folder: Path, name: str, script: str) -> Path:
    """Write an executable shell script."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@contextmanager
def server(answer: object = None, *, status: int = 200) -> Iterator[str]:
    """Serve one answer to every GET on loopback and give the address."""
    body = json.dumps({"version": "0.33.0"} if answer is None else answer).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # type: ignore[override]
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()


def alive(pid: int) -> bool:
    """Whether a process exists and is not just waiting to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()


def wait_for_end(pid: int) -> None:
    """Return when the process is gone; it is not our child, so nothing wakes us when it goes."""
    until(lambda: not alive(pid))


def ask(url: str) -> dict[str, object]:
    answer: dict[str, object] = httpx.get(f"{url}/api/version", trust_env=False).json()
    return answer


def sharer(tmp_path: Path, *, private: bool = True, parallel: int = 1) -> OllamaProcess:
    """One of the processes that use the same folder, as far as locks can tell."""
    binary = program(tmp_path / "bin", "ollama", FAKE)
    folder = Folder(tmp_path / "ollama")
    return OllamaProcess(binary, folder, private=private, parallel=parallel)


def pid_of(server: OllamaProcess) -> int:
    return int(str(ask(server.url)["pid"]))

"""Who has no token, comes from elsewhere or sends too much: refused in bounded time and memory."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from components.server.api.routes import OPERATIONS
from components.server.api.uploads import FORM_BYTES
from tests.browser.app_process import process_serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.server.api.asking import NOVEL, client, is_problem, polled, submitted, token_in
from tests.waiting import LONG

GIGABYTE = 1_000_000_000

#: What the server may take more in memory while it refuses: one form, twice, and some room.
MORE_BYTES = 2 * FORM_BYTES + 64 * 1024 * 1024

Server = tuple[str, subprocess.Popen[str], str]


@pytest.fixture(scope="module")
def server(ollama: ScriptedOllama, data: Path) -> Iterator[Server]:
    """The address, the process and the token of a server."""
    with process_serving(ollama.url, FIRST_READER_DATA_DIR=str(data)) as (address, process):
        yield address, process, token_in(data)


def asked(address: str, head: str, body: bytes = b"") -> bytes:
    """Send this head of a request, and as much of the body as is taken; return the answer."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=LONG) as line:
        lines = f"{head}\nHost: {place.netloc}" if "\nHost:" not in head else head
        line.sendall(lines.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        answer = b""
        while b"\r\n\r\n" not in answer and (part := line.recv(65536)):
            answer += part
        return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def most_bytes(process: subprocess.Popen[str]) -> int:
    """Return the most that a process has had in memory."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic {token}"])
def test_without_the_token_all_is_refused(server: Server, given: str | None) -> None:
    address, _, token = server
    headers = {} if given is None else {"Authorization": given.format(token=token).strip()}
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=LONG) as nobody:
        for operation in OPERATIONS:
            if operation.handle is None:
                continue
            path = operation.path.format(job_id="x")
            answer = nobody.request(operation.method, path, params={"token": token})
            is_problem(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert token not in answer.text
        is_problem(nobody.post("/analyze", files=NOVEL), 401)


def test_other_tokens_are_refused(server: Server) -> None:
    address, _, token = server
    for other in (token[:-1], token + "x", token.swapcase(), "x" * 60_000, "é"):
        headers = {"Authorization": f"Bearer {other}".encode()}
        with httpx.Client(base_url=address, trust_env=False, timeout=LONG) as nobody:
            answer = nobody.get("/manuscripts", headers=headers)
        assert answer.status_code in {400, 401}  # 400: the header is too long for the server.


def test_pages_of_other_sites_are_refused_though_they_have_the_token(server: Server) -> None:
    address, _, token = server
    with client(address, token) as page:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost:9999"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            is_problem(page.post("/analyze", files=NOVEL, headers=headers), 403)
            is_problem(page.get("/manuscripts", headers=headers), 403)
            assert page.options("/analyze", headers=headers).status_code == 403
        assert page.get("/manuscripts", headers={"Host": "evil.example"}).status_code == 400
        own = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
        answer = page.get("/manuscripts", headers=own)
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/status/../../etc/passwd",
        "/status/..%2f..%2fetc%2fpasswd",
        "/status/%2e%2e/%2e%2e/etc/passwd",
        "/jobs/..\\..\\etc\\passwd/events",
        "/jobs//events",
        "//evil.example/status/x",
        "/status/%00",
        "/status/x/../../manuscripts/x",
        "/analyze/x",
        "/manuscripts/../api-tokens/x",
        "/status/" + "x" * 60_000,
    ],
)
def test_tricks_with_paths_find_nothing(server: Server, path: str) -> None:
    address, _, token = server
    answer = asked(address, f"GET {path} HTTP/1.1\nAuthorization: Bearer {token}")
    assert status_of(answer) in {400, 404}


def test_a_browser_gets_the_page_that_has_the_name_of_an_operation(server: Server) -> None:
    address, _, _ = server
    with httpx.Client(base_url=address, trust_env=False, timeout=LONG) as browser:
        page = browser.get("/models", headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.headers["content-type"].startswith("text/html")
        is_problem(browser.get("/models"), 401)


def test_a_gigabyte_that_is_announced_is_refused_before_it_comes(server: Server) -> None:
    address, _, token = server
    head = f"POST /analyze HTTP/1.1\nContent-Length: {GIGABYTE}"
    assert status_of(asked(address, head)) == 401
    form = "Content-Type: multipart/form-data; boundary=x"
    answer = asked(address, f"{head}\nAuthorization: Bearer {token}\n{form}")
    assert status_of(answer) == 413
    assert b"application/problem+json" in answer


def test_a_gigabyte_in_chunks_is_refused_and_not_held(server: Server) -> None:
    address, process, token = server
    sent, part = 0, b"x" * 1_000_000
    before = most_bytes(process)

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="novel"; filename="a.txt"\r\n\r\n'
        while sent < GIGABYTE:
            sent += len(part)
            yield part

    began = time.monotonic()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with client(address, token) as asking:
        answer = asking.post("/analyze", content=endless(), headers=headers)
    is_problem(answer, 413)
    assert sent < FORM_BYTES + 32_000_000  # What the sockets hold on the way.
    assert time.monotonic() - began < LONG
    assert most_bytes(process) - before < MORE_BYTES


def test_a_port_scan_leaves_the_server_as_it_was(server: Server) -> None:
    address, process, token = server
    before = most_bytes(process)
    with httpx.Client(base_url=address, trust_env=False, timeout=LONG) as nobody:
        for number in range(300):
            method = ("GET", "POST", "PUT", "DELETE", "PATCH")[number % 5]
            path = ("/analyze", "/status/x", "/jobs/x", "/jobs/x/events", "/manuscripts")[
                number % 4
            ]
            assert nobody.request(method, path, content=b"x" * 1000).status_code == 401
    assert most_bytes(process) - before < 32 * 1024 * 1024
    with client(address, token) as asking:
        assert polled(asking, submitted(asking))["status"] == "completed"


def test_the_token_is_in_no_file_but_its_own(server: Server, data: Path) -> None:
    _, _, token = server
    holding = [
        file for file in data.rglob("*") if file.is_file() and token.encode() in file.read_bytes()
    ]
    assert [file.parent.name for file in holding] == ["api-tokens"]

from __future__ import annotations

from pathlib import Path

import pytest

from components.engine.private import Folder, locate
from components.engine.private.locate import address
from components.engine.private.pins import OLLAMA, PACKAGES, keys
from components.errors import SettingsError
from tests.engine.private.helpers import program, server

NOBODY = "http://127.0.0.1:1"


def pretend_built(root: Path) -> Folder:
    folder = Folder(root)
    folder.make()
    program(folder.binary.parent, "ollama", "exit 0")
    folder.python.mkdir()
    folder.weights.parent.mkdir()
    folder.weights.write_bytes(b"GGUF")
    for step in (OLLAMA, PACKAGES):
        folder.mark_done(step, keys()[step])
    return folder


def test_the_order(tmp_path: Path) -> None:
    root = tmp_path / "private"
    path = {"PATH": str(tmp_path / "bin")}
    assert locate(path, root=root, default_url=NOBODY).kind == "missing"

    folder = pretend_built(root)
    found = locate(path, root=root, default_url=NOBODY)
    assert (found.kind, found.url, found.binary) == ("private", None, folder.binary)

    installed = program(tmp_path / "bin", "ollama", "exit 0")
    found = locate(path, root=root, default_url=NOBODY)
    assert (found.kind, found.url, found.binary) == ("installed", None, installed)

    with server() as url:
        found = locate(path, root=root, default_url=url)
        assert (found.kind, found.url, found.binary) == ("running", url, None)

        found = locate(path | {"OLLAMA_HOST": "books.example"}, root=root, default_url=url)
        assert (found.kind, found.url) == ("configured", "http://books.example:11434")


def test_an_empty_ollama_host_is_none(tmp_path: Path) -> None:
    environ = {"OLLAMA_HOST": " ", "PATH": ""}
    assert locate(environ, root=tmp_path, default_url=NOBODY).kind == "missing"


@pytest.mark.parametrize("answer", [["not", "ollama"], {"name": "something else"}, "hello"])
def test_another_program_on_the_port_is_not_ollama(tmp_path: Path, answer: object) -> None:
    with server(answer) as url:
        assert locate({"PATH": ""}, root=tmp_path, default_url=url).kind == "missing"


def test_a_failing_server_is_not_ollama(tmp_path: Path) -> None:
    with server(status=503) as url:
        assert locate({"PATH": ""}, root=tmp_path, default_url=url).kind == "missing"


def test_no_proxy_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    monkeypatch.setenv("http_proxy", NOBODY)
    monkeypatch.setenv("ALL_PROXY", NOBODY)
    with server() as url:
        assert locate({"PATH": ""}, root=tmp_path, default_url=url).kind == "running"


def test_an_old_or_unfinished_build_does_not_count(tmp_path: Path) -> None:
    folder = pretend_built(tmp_path)
    folder.mark_done(OLLAMA, "v0.0.1")
    assert locate({"PATH": ""}, root=tmp_path, default_url=NOBODY).kind == "missing"
    folder.mark_done(OLLAMA, keys()[OLLAMA])
    folder.weights.unlink()
    assert locate({"PATH": ""}, root=tmp_path, default_url=NOBODY).kind == "missing"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("[::]:9", "http://[::1]:9"),
        ("[::1]", "http://[::1]:11434"),
        ("http://books.example", "http://books.example:80"),
        ("https://books.example/ollama/", "https://books.example:443/ollama"),
        ("https://books.example:11434", "https://books.example:11434"),
        ('"books.example"', "http://books.example:11434"),
    ],
)
def test_ollama_host_as_ollama_reads_it(value: str, url: str) -> None:
    assert address(value) == url


@pytest.mark.parametrize(
    "value", ["ftp://books.example", "books.example:port", "books.example:99999", "http://[::1"]
)
def test_what_is_no_address(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        address(value)
    assert "OLLAMA_HOST" in caught.value.advice
    assert value not in str(caught.value)

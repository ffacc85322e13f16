"""The process that reads a file reaches for nothing outside it (`watching`)."""

from __future__ import annotations

import pytest

from components.errors import ManuscriptError
from components.manuscripts import read, read_in_sandbox
from tests.manuscripts.making import pdf
from tests.manuscripts.making_archives import docx, epub, odt, p, page

REMOTE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("socket.connect", "import socket; socket.create_connection(('127.0.0.1', 9), 0.1)"),
        ("socket.getaddrinfo", "import socket; socket.getaddrinfo('localhost', 80)"),
        ("urllib.Request", f"import urllib.request as one; one.urlopen('{REMOTE}')"),
        ("open", "open('{folder}/written', 'w')"),
        ("open", "import os; os.open('{folder}/written', os.O_CREAT | os.O_WRONLY)"),
        ("open", "import os; os.fork() or open('{folder}/by_child', 'w'); os.wait()"),
        ("os.remove", "import os; os.remove('{folder}/none')"),
        ("subprocess.Popen", "import subprocess; subprocess.run(['true'])"),
    ],
)
def test_the_watch_sees(watch, tmp_path, event, code):
    watch.run(code.replace("{folder}", str(tmp_path)))
    assert event in {line.split(" ", 1)[0] for line in watch.seen()}


def test_the_watch_takes_no_offence_at_reading(watch):
    watch.run("import json, pathlib; pathlib.Path('README.md').read_text(); open('/dev/null', 'w')")
    assert watch.seen() == []


def test_what_reads_is_watched(watch, monkeypatch):
    monkeypatch.setattr(read_in_sandbox, "_TASK", "tests.manuscripts.reaching")
    with pytest.raises(ManuscriptError):
        read(b"words", name="a.txt")
    assert [line for line in watch.seen() if line.startswith("socket.connect")]


FILES = {
    "a.txt": b"Chapter 1\n\nSome text.",
    "a.pdf": pdf([["Some text."]] * 80),
    "a.docx": docx(p("Some text.")),  # its template is said to lie at an address
    "a.epub": epub(
        {
            "one.xhtml": page(
                f'<p>Some text.<img src="{REMOTE}/a.png"/></p><script src="{REMOTE}/a.js"/>',
                head=f'<title>x</title><link rel="stylesheet" href="{REMOTE}/a.css"/>',
            ).replace("<!DOCTYPE html>", f'<!DOCTYPE html SYSTEM "{REMOTE}/a.dtd">')
        }
    ),
    "a.odt": odt(
        "<text:p>Some text.</text:p><text:section><text:section-source"
        f' xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{REMOTE}/a.odt"/>'
        "</text:section>"
    ),
    "a.rtf": rb"{\rtf1 Some text. {\field{\*\fldinst INCLUDEPICTURE http://127.0.0.1:9/a.png}}\par}",
}


@pytest.mark.parametrize("name", FILES)
def test_reading_is_quiet(watch, name):
    assert "Some text." in read(FILES[name], name=name).text
    assert watch.seen() == []

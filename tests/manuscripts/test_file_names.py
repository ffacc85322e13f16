from __future__ import annotations

import json
import unicodedata

import pytest

from components.manuscripts import read
from components.manuscripts.file_names import (
    MAX_NAME,
    NAMELESS,
    display_name,
    extension,
    title_from_name,
)
from tests.manuscripts.making import SHARED


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("book.txt", "book.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("C:\\Users\\me\\My Novel.docx", "My Novel.docx"),
        ("line\nbreak.txt", "line break.txt"),
        ("nul\x00.txt", "nul.txt"),
        ("x\u202etxt.exe", "xtxt.exe"),
        (".htaccess", "htaccess"),
        ("résumé ünïcode 小説.txt", "résumé ünïcode 小説.txt"),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("a/", NAMELESS),
    ],
)
def test_display_name(name, shown):
    assert display_name(name) == shown


def test_long_name_keeps_its_ending():
    shown = display_name("a" * 5000 + ".txt")
    assert len(shown) == MAX_NAME
    assert shown.endswith("….txt")


def test_markup_is_gone():
    assert not set(display_name('<img src=x onerror=alert(1)>"[a](b)`.txt')) & set('<>"[]`')


@pytest.mark.parametrize(
    ("name", "ending"), [("a.TXT", "txt"), ("a", ""), (".htaccess", ""), ("a.b.md", "md")]
)
def test_extension(name, ending):
    assert extension(name) == ending


@pytest.mark.parametrize(
    ("name", "title"), [("my_novel_v2.txt", "my novel v2"), ("../x.pdf", "x"), (".txt", "txt")]
)
def test_title_from_name(name, title):
    assert title_from_name(name) == title


def hostile_names() -> list[str]:
    file = SHARED / "hostile" / "expected.json"
    return json.loads(file.read_text())["upload_names"] if file.is_file() else []


@pytest.mark.shared
def test_hostile_upload_names(shared):
    names = hostile_names()
    assert names
    for name in names:
        shown = display_name(name)
        assert 0 < len(shown) <= MAX_NAME
        assert not set(shown) & set('/\\<>"')
        assert not [char for char in shown if unicodedata.category(char)[0] == "C"]
        assert shown not in (".", "..")


@pytest.mark.parametrize("name", ["nul\x00.txt", '<img src=x onerror="alert(1)">.txt', "../a\nb"])
def test_hostile_name_becomes_a_tame_title(name):
    title = read(b"She came in and sat down, and said no more.", name=name).title
    assert not set(title) & set("/<>\0\n")

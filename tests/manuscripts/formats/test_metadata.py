from __future__ import annotations

import pytest

from components.manuscripts.formats import metadata


@pytest.mark.parametrize(
    "text",
    ["The Lamp", "Middlemarch", "Document of a Life", "1984", "Untold", "Titles and Other Stories"],
)
def test_titles_that_a_person_wrote(text):
    assert metadata.title(f" {text}\n") == text


@pytest.mark.parametrize(
    "text",
    ["", "Untitled", "Untitled document", "Document1", "Microsoft Word - Novel.docx", "v3.docx",
     "Title", "Normal.dotm", "…", "x" * 200, "Microsoft Office User"],
)  # fmt: skip
def test_titles_that_a_program_wrote(text):
    assert metadata.title(text) == ""


def test_authors():
    assert metadata.author("A.\n Writer") == "A. Writer"
    for name in ("Barry Windows", "Dell Shannon", "My Le"):
        assert metadata.author(name) == name
    for text in ("Microsoft Office User", "user", "python-docx", "calibre (6.2)", "", "x" * 200):
        assert metadata.author(text) == ""


@pytest.mark.parametrize(
    "text",
    ["Ein Microsoft Office-Anwender", "Usuario de Microsoft Office", "Usuario", "Utente Windows",
     "Пользователь Windows", "Пользователь", "Gebruiker", "Windows User", "Microsoft 帐户", "Admin",
     "Office 2004 Test Drive User", "un-named", "Användare", "Utilizador", "HP Inc.", "user@pc",
     "Lenovo ThinkPad", "Dell User", "My PC", "Office 365", "Google Docs"],
)  # fmt: skip
def test_authors_that_a_program_wrote(text):
    assert metadata.author(text) == ""


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en_gb", "en-GB"), ("EN-us", "en-US"), ("eng", "en"), ("fre", "fr"),
     ("zh-hant-tw", "zh-Hant-TW"), ("de-DE-1996", "de-DE"), ("und", ""), ("English", ""), ("", "")],
)  # fmt: skip
def test_languages(code, language):
    assert metadata.language(code) == language

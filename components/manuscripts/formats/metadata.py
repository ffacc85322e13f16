"""What a file says of its book: title, author, language, where a person may have written it.

Programs fill these in by themselves: "Microsoft Office User", "Document1", "Untitled". What is
worth nothing is left out, so that a better title is looked for.
"""

import re

#: Characters. Longer metadata is no title.
_MAX_TITLE = 150
_MAX_AUTHOR = 120
_NO_TITLE = re.compile(
    r"untitled.*|unknown(?: title)?|\(?unspecified\)?|\(anonymous\)|(?:new )?document ?\d*"
    r"|dokument ?\d*|title|titre|titel"
    r"|unbenannt.*|sans titre.*|ohne titel.*|microsoft .*|word document|normal|default|\W*"
    r"|.*\.(?:dot[mx]?|docx?|docm|odt|rtf|epub|indd|pdf|txt|pages|dvi|tex|md|scriv|html?)",
    re.IGNORECASE,
)
#: How Word and Windows call whoever has not said a name, in the languages that they speak.
_USERS = (
    r"user|utilisateur|usuario|utente|utilizador|usuário|gebruiker|benutzer|anwender|användare"
    r"|bruger|bruker|käyttäjä|uživatel|użytkownik|пользователь|користувач|felhasználó|kullanıcı"
    r"|用户|ユーザー"
)
_NO_AUTHOR = re.compile(
    rf".*\bmicrosoft\b.*|(?:windows|office.*)?[ -]?(?:{_USERS})(?:\b.{{0,20}}|\d*)|windows"
    r"|admin(?:istrator)?|owner|author|unknown|python-docx|un-?named|calibre.*|apache poi"
    r"|libreoffice.*|openoffice.*|google docs|office \d+|pandoc|default|home"
    rf"|(?:hp|dell|asus|acer|lenovo)(?: (?:inc\.?|pc|laptop|thinkpad|{_USERS}))?|my (?:computer|pc)"
    r"|\(anonymous\)|\(?unspecified\)?|untitled|\W*"
    r"|(?-i:anonymous)",  # as ReportLab writes it; a person writes it with a capital letter
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|\d{3}))?(?:-.*)?")
#: ISO 639-2's codes for what BCP 47 writes with two letters; of two the one in use comes last.
TWO_LETTERS = {
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it",
    "por": "pt", "dut": "nl", "nld": "nl", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi",
    "pol": "pl", "rus": "ru", "jpn": "ja", "chi": "zh", "zho": "zh", "cze": "cs", "ces": "cs",
    "gre": "el", "ell": "el", "hun": "hu", "tur": "tr", "rum": "ro", "ron": "ro", "ukr": "uk",
}  # fmt: skip


def title(text: str) -> str:
    """Return `text` on one line where it may be a title that a person wrote, else ""."""
    return _by_a_person(text, _MAX_TITLE, _NO_TITLE)


def author(text: str) -> str:
    """Return `text` on one line where it may be the name of a person, else ""."""
    return _by_a_person(text, _MAX_AUTHOR, _NO_AUTHOR)


def _by_a_person(text: str, most: int, by_program: re.Pattern[str]) -> str:
    line = " ".join(text.split())
    return "" if len(line) > most or by_program.fullmatch(line) else line


def language(code: str) -> str:
    """Return `code` ("en_gb", "eng") as BCP 47 writes it ("en-GB", "en"), "" where it is none."""
    match = _LANGUAGE.fullmatch(code.strip().replace("_", "-").lower())
    if match is None or match[1] in ("und", "zxx", "mul", "mis"):
        return ""
    base, script, region = match.groups()
    parts = (TWO_LETTERS.get(base, base), (script or "").title(), (region or "").upper())
    return "-".join(filter(None, parts))

from __future__ import annotations

import io
import random

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from components.errors import DamagedFile, ManuscriptError, PasswordRequired, WrongPassword
from components.manuscripts import DEFAULT_LIMITS, read
from components.manuscripts.formats.docx.reader import read_docx
from tests.manuscripts.making_archives import docx, p


@pytest.fixture(scope="module")
def locked() -> bytes:
    """A file large enough for the container's usual sectors, as every file of Word's is."""
    noise = random.Random(1).randbytes(9_000).hex()
    words = " ".join(noise[at : at + 6] for at in range(0, len(noise), 6))
    out = io.BytesIO()
    plain = docx(p("Chapter 1", "Heading1") + p("Some text.") + p(words))
    OOXMLFile(io.BytesIO(plain)).encrypt("Lämp", out)
    return out.getvalue()


def test_the_right_password_opens_it(locked):
    document = read_docx(locked, password="Lämp", limits=DEFAULT_LIMITS)
    assert document.blocks[0].text == "Chapter 1"


@pytest.mark.parametrize("password", [None, ""])
def test_it_asks(locked, password):
    with pytest.raises(PasswordRequired, match="locked") as caught:
        read_docx(locked, password=password, limits=DEFAULT_LIMITS)
    assert type(caught.value) is PasswordRequired


def test_the_wrong_password(locked):
    with pytest.raises(WrongPassword):
        read_docx(locked, password="lamp", limits=DEFAULT_LIMITS)


def test_broken_containers(locked):
    for at in range(0, len(locked), 1500):
        broken = locked[:at] + b"\xff" * 40 + locked[at + 40 :]
        if broken.startswith(b"\xd0\xcf\x11\xe0"):
            try:
                read_docx(broken, password="Lämp", limits=DEFAULT_LIMITS)
            except ManuscriptError as error:
                assert error.advice  # noqa: PT017
    with pytest.raises(DamagedFile):
        read_docx(locked[:2000], password="Lämp", limits=DEFAULT_LIMITS)


def test_through_the_guarded_process(locked):
    with pytest.raises(PasswordRequired):
        read(locked, name="book.docx")
    assert "Some text." in read(locked, name="book.docx", password="Lämp").text

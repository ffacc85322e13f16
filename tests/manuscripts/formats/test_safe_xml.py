from __future__ import annotations

import pytest

from components.errors import DamagedFile
from components.manuscripts.formats.safe_xml import (
    attribute,
    child,
    parse_page,
    parse_xml,
    text_of,
    whole_number,
)

LAUGHS = '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>'


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        b"<?xml version='1.0'?><!-- x --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a>",
    ],
)
def test_declared_types_are_refused(data):
    with pytest.raises(DamagedFile):
        parse_xml(data, what="the part")


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a>&x;</a>", b"words", b"<a>" * 5000, b"\xff\xfe<"]
)
def test_what_is_not_well_formed_is_refused(data):
    with pytest.raises(DamagedFile, match="the part is not well-formed"):
        parse_xml(data, what="the part")


def test_names_without_namespaces():
    root = parse_xml(b'<x:a xmlns:x="u"><!-- no --><x:b x:c="1"> t <d/>u</x:b></x:a>', what="it")
    found = child(root, "b")
    assert found is not None
    assert attribute(found, "c") == "1"
    assert attribute(found, "gone") == ""
    assert text_of(found) == "t u"
    assert child(root, "b", "gone", "d") is None
    assert text_of(None) == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<html><body>é</body></html>".encode(), "é"),
        ("<html><body>é</body></html>".encode("utf-16"), "é"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><html><body>\xe9</body></html>", "é"),
        (b"<html><head><meta charset='cp1251'></head><body>\xe9</body></html>", "й"),
        (b"<html><body>\xe9\x00</body></html>", "é"),
        (b"<!DOCTYPE html><html><body>a&nbsp;b &lt; c</body></html>", "a b < c"),
        (b"<html><body><p>a<p>b</body>", "ab"),
        (b"words alone", "words alone"),
    ],
)
def test_pages_are_decoded(data, text):
    assert text_of(parse_page(data, what="the page")) == text


@pytest.mark.parametrize("inside", [b"<div>", b"<blockquote><a>"])
def test_a_page_nested_without_end_is_refused_and_not_cut(inside):
    with pytest.raises(DamagedFile):
        parse_page(b"<html><body>" + inside * 20_000 + b"x", what="the page")


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), (" 3 ", 3), ("", None), ("-3", None), ("²", None), ("9" * 50, None)],
)
def test_whole_number(text, number):
    assert whole_number(text) == number

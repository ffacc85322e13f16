"""XML and XHTML from strangers, parsed by lxml so that a file can ask for nothing.

The pages of an EPUB are tried as XML first: a browser's parser takes a well-formed `<title/>` for
one that never ends, and the whole page with it. Only what is no XML goes to the lenient parser.
"""

import re
from contextlib import suppress
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from components.errors import DamagedFile
from components.manuscripts.formats.sniffing import BOMS

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for it

_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
#: In the encodings that XML is written in; any other is caught after parsing.
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
#: Bytes. A declaration stands before the first element, after comments at most.
_PROLOG = 65_536
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,40});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_XML_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset=["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE
)
_MAX_DIGITS = 6
_NO_XML_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse_xml(data: bytes, *, what: str) -> Element:
    """Return the root element of an XML part; comments and instructions are left out.

    `what` names the part in the message ("the Word file's text").

    Raises: DamagedFile where it is not well-formed, or declares a document type: no program
    writes one into these parts, and entities that it declares can multiply or read files.
    """
    if any(mark in data[:_PROLOG] for mark in _DOCTYPES):
        raise _declares(what)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError):
        # Not chained: lxml quotes the text where it stumbled.
        raise DamagedFile(f"This file is damaged: {what} is not well-formed.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _declares(what)
    return root


def _declares(what: str) -> DamagedFile:
    return DamagedFile(
        f"This file was not opened: {what} declares entities, as no manuscript does.",
        advice="Ask where the file comes from; open it in the program that made it, save it again.",
    )


def parse_page(data: bytes, *, what: str) -> Element:
    """Return the root element of a web page of an EPUB, lenient where it is not well-formed.

    A document type is allowed, as pages have one, and thrown away unread: only HTML's own named
    entities have a meaning, every other is left out.

    Raises: DamagedFile where there is no element in it at all.
    """
    text = _NO_XML_CHARACTERS.sub("", _decoded(data))
    text = _XML_DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    text = _DOCTYPE.sub("", text[:_PROLOG], count=1) + text[_PROLOG:]

    def character(entity: re.Match[str]) -> str:
        return entity[0] if entity[1] in _OF_XML else html5.get(entity[1] + ";", "")

    encoded = _ENTITY.sub(character, text).encode("utf-8", "replace")
    with suppress(DamagedFile):
        return parse_xml(encoded, what=what)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(encoded, parser)
    except (etree.LxmlError, ValueError) as error:
        raise DamagedFile(f"This file is damaged: {what} cannot be read.") from error
    # It goes on after any mistake but one: what is nested too deeply it leaves out.
    cut = any(mistake.type_name == "ERR_RESOURCE_LIMIT" for mistake in parser.error_log)
    if root is None or cut:
        raise DamagedFile(f"This file is damaged: {what} cannot be read.")
    return root


def local(element: Element) -> str:
    """Return the name of `element` without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute by its name without namespace, "" where there is none."""
    for key, value in () if element is None else element.attrib.items():
        if key == name or key.endswith((f"}}{name}", f":{name}")):  # the colon: read as HTML
            return str(value)
    return ""


def child(element: Element | None, *names: str) -> Element | None:
    """Return the descendant at a path of names without namespaces, None where there is none."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def children(element: Element | None, *names: str, kind: str = "") -> list[Element]:
    """Return what stands directly in the element that `child` finds, all or those called `kind`."""
    holder = child(element, *names)
    return [inner for inner in (() if holder is None else holder) if kind in ("", local(inner))]


def text_of(element: Element | None) -> str:
    """Return all text in `element`, white space collapsed, "" where there is no element."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def whole_number(text: str) -> int | None:
    """Return the value of an attribute that counts something, None where it does not."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None


def _decoded(data: bytes) -> str:
    """Return the text of a page: by its mark, as UTF-8, else by what it says of itself."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    with suppress(UnicodeDecodeError):
        return data.decode()
    declared = _XML_ENCODING.match(data) or _META_CHARSET.search(data[:2048])
    try:
        return data.decode(declared[1].decode() if declared else "cp1252", "replace")
    except (LookupError, ValueError):
        return data.decode("cp1252", "replace")

"""Word files that python-docx opens, and what the comments in them cover."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from components.manuscripts import Manuscript
from tests.manuscripts.making import manuscript
from tests.manuscripts.making_archives import archive, docx

MARKS = {qn("w:commentRangeStart"), qn("w:commentRangeEnd")}
#: Elements that show as one character.
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "sym": "❦"}


def word_file(body: str) -> bytes:
    """The smallest Word file with these paragraphs that python-docx opens."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
        ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override'
        ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>'
    )
    return archive(parts(docx(body)) | {"[Content_Types].xml": types})


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a file."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def changed(before: bytes, after: bytes) -> set[str]:
    """The names of the parts that are not the same."""
    old, new = parts(before), parts(after)
    return {name for name in old | new if old.get(name) != new.get(name)}


def covered(data: bytes) -> dict[str, str]:
    """What each comment of a file covers, by its text, as python-docx finds them."""
    document = Document(io.BytesIO(data))
    opened: set[str] = set()
    words: dict[str, str] = {}
    references = []
    for element in document.element.body.iter():
        name = element.tag.rpartition("}")[2]
        number = element.get(qn("w:id"))
        if name == "commentRangeStart":
            opened.add(number)
            words[number] = ""
        elif name == "commentRangeEnd":
            opened.remove(number)
        elif name == "commentReference":
            references.append(number)
        elif name in ("t", *_SIGNS) and not _is_aside(element):
            shown = (element.text or "") if name == "t" else _SIGNS[name]
            words |= {each: words[each] + shown for each in opened}
        elif name == "p":
            words |= {each: f"{words[each]} " for each in opened}
    assert not opened
    found = {str(comment.comment_id): comment.text for comment in document.comments}
    assert sorted(found) == sorted(words) == sorted(references)
    return {text: " ".join(words[number].split()) for number, text in found.items()}


def letters(data: bytes) -> list[tuple[str, ...]]:
    """Each character of a file with its wrappers and its formatting, without comments' marks."""
    parser = etree.XMLParser(remove_comments=True)
    main = etree.fromstring(parts(data)["word/document.xml"], parser)
    for reference in list(main.iter(qn("w:commentReference"))):
        run = reference.getparent()
        run.getparent().remove(run)
    seen = []
    for element in main.iter():
        above = [each.tag for each in (element, *element.iterancestors())]
        if element.tag in MARKS or len(element) or any(tag.endswith("Pr") for tag in above):
            continue
        run = next(element.iterancestors(qn("w:r")), None)
        properties = None if run is None else run.find(qn("w:rPr"))
        look = b""
        if properties is not None:
            for change in properties.iter(qn("w:rPrChange")):
                change.attrib.pop(qn("w:id"), None)
            look = etree.tostring(properties, method="c14n", exclusive=True)
        seen += [(*above, look.decode(), letter) for letter in element.text or " "]
    return seen


def book(text: str, **changes) -> Manuscript:
    """A manuscript of this text."""
    return manuscript(text=text, chapters=(), **changes)


def _is_aside(element) -> bool:
    return next(element.iterancestors(qn("w:rt")), None) is not None

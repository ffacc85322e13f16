"""Comments added to a Word file whose every other part, and every other word, stays as it is.

python-docx writes all parts anew and finds no text in insertions, links and content controls. So
the marks are put into the file's own XML, where the reader found the words: it leaves a trace of
the elements that the text comes from, in the order of the text. The two differ by white space and
by what does not show.

Only the sandbox calls this (`answer`).
"""

import posixpath
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

from lxml import etree

from components.errors import DamagedFile, OtherManuscript, PasswordRequired, UnsupportedType
from components.languages import pieces, runs_left
from components.manuscripts.comment_in_sandbox import MarginComment, text_sha256
from components.manuscripts.formats import sniffing
from components.manuscripts.formats.archive import Archive
from components.manuscripts.formats.docx.package import WordPackage, relations_name
from components.manuscripts.formats.docx.reader import OLE, Trace, read_package
from components.manuscripts.formats.safe_xml import Element, attribute, child, children, local
from components.manuscripts.limits import Limits
from components.manuscripts.text.assembly import lay_out

_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: How the paragraphs of a comment are set: twentieths of a point, 240 being one line.
_PLAIN = {
    "spacing": {"before": "0", "after": "0", "line": "240", "lineRule": "auto"},
    "ind": {"left": "0", "right": "0", "firstLine": "0"},
    "jc": {"val": "left"},
}
#: Half-points: what Word's own style for the marks of comments says.
_MARK_SIZE = "16"
#: What stands in a paragraph around runs and may hold the ends of a comment's range.
_HOLDERS = frozenset({
    "bdo", "customXml", "dir", "fldSimple", "hyperlink", "ins", "moveTo", "sdt", "sdtContent",
    "smartTag",
})  # fmt: skip
#: Where Word shows no comments, or shows one of two forms of the same words.
_CLOSED = frozenset({"AlternateContent", "txbxContent"})
#: Pictures are unpacked too, to be copied: this share of the memory may go into one part.
_PART_SHARE = 4


def answer(
    header: dict[str, Any], data: bytes, _: Callable[[int, int], None]
) -> tuple[dict[str, Any], bytes]:
    """Return what `comment_in_sandbox.add_comments` asks for."""
    comments = [MarginComment(**fields) for fields in header["comments"]]
    limits = Limits(**header["limits"])
    try:
        written, left_out = comment(
            data,
            comments,
            text_hash=header["text_sha256"],
            author=header["author"],
            initials=header["initials"],
            limits=limits,
        )
    except RecursionError:
        raise DamagedFile("This file is nested too deeply to be read.") from None
    return {"left_out": left_out}, written


def comment(
    data: bytes,
    comments: Sequence[MarginComment],
    *,
    text_hash: str,
    author: str,
    initials: str,
    limits: Limits,
) -> tuple[bytes, list[int]]:
    """Return the file with `comments`, and the positions of those that have no place in it."""
    if sniffing.sniff(data, name="manuscript.docx") != "docx":
        raise UnsupportedType(
            "Comments can be written into Word files only.",
            advice="Take them in a Word copy of the manuscript.",
        )
    if data.startswith(OLE):
        raise PasswordRequired(
            "This Word file is locked with a password.",
            advice="Save a copy of it without the password, and choose that.",
        )
    archive = Archive(data, limits=limits)
    package = WordPackage(archive)
    trace: Trace = []
    text = lay_out(read_package(package, limits=limits, trace=trace).blocks).text
    if text_sha256(text) != text_hash:
        raise OtherManuscript("The text of this file is not the one that was analysed.")
    places = _Places(text, trace)
    anchors = [places.anchor(each.start, each.end) for each in comments]
    left_out = [at for at, anchor in enumerate(anchors) if anchor is None]
    if len(left_out) == len(comments):
        return data, left_out
    parts = _Parts(package, archive)
    marker = _Marker(package.main, parts.comment_ids)
    edges: list[_Edge] = []
    for each, anchor in zip(comments, anchors, strict=True):
        if anchor is not None:
            number = next(marker.free_ids)
            parts.add(number, each.text, author=author, initials=initials)
            edges += (
                _Edge(*anchor[0], opens=True, number=number),
                _Edge(*anchor[1], opens=False, number=number),
            )
    # From the end of the text: dividing an element leaves all before it where it was.
    for edge in sorted(edges, reverse=True):
        element = trace[edge.piece][0]
        if element is not None:
            marker.mark(element, edge)
    room = replace(
        limits,
        part_bytes=limits.memory_bytes // _PART_SHARE,
        archive_bytes=limits.memory_bytes,
    )
    return Archive(data, limits=room).with_parts(parts.written()), left_out


class _Point(NamedTuple):
    """A place between two characters: the number of a piece of the trace, characters into it."""

    piece: int
    into: int


class _Edge(NamedTuple):
    """Where a comment begins or ends; they sort as they follow each other."""

    piece: int
    into: int
    opens: bool
    number: int


class _Places:
    """Where characters of the text stand in the file."""

    def __init__(self, text: str, trace: Trace) -> None:
        self._text = text
        self._trace = trace
        #: Where in the text each piece begins.
        self._starts: list[int] = []
        at = 0
        for _, piece in trace:
            at = _shown_from(text, at)
            self._starts.append(at)
            shown = piece.strip()
            if text.startswith(shown, at):
                at += len(shown)
            else:
                for offset, _ in _aligned(text, at, piece):
                    at = offset + 1

    def anchor(self, start: int, end: int) -> tuple[_Point, _Point] | None:
        """Return where the words from `start` to `end` begin and end; None without a place."""
        if not 0 <= start < end <= len(self._text):
            return None
        # Numbers of headings are not in the file: the words begin after one, or end before it.
        start = _shown_from(self._text, start)
        while start < end and self._trace[first := self._piece(start)][0] is None:
            start = self._starts[first + 1] if first + 1 < len(self._trace) else end
        end = start + len(self._text[start:end].rstrip())
        while start < end and self._trace[last := self._piece(end - 1)][0] is None:
            end = start + len(self._text[start : self._starts[last]].rstrip())
        if start >= end:
            return None
        begins, ends = self._point(start), self._point(end - 1)
        return (begins, ends._replace(into=ends.into + 1)) if begins and ends else None

    def _piece(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _point(self, offset: int) -> _Point | None:
        """Return where the character at `offset` stands, None where no comment may."""
        number = self._piece(offset)
        element, piece = self._trace[number]
        if element is None or _paragraph_of(element) is None:
            return None
        aligned = _aligned(self._text, self._starts[number], piece)
        return next((_Point(number, index) for at, index in aligned if at == offset), None)


def _shown_from(text: str, at: int) -> int:
    """Return where the first character from `at` stands that is no white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _aligned(text: str, at: int, piece: str) -> Iterator[tuple[int, int]]:
    """Yield where each shown character of `piece` stands in `text`, from `at`, and in itself."""
    for index, character in enumerate(piece):
        if character.isspace():
            continue
        at = _shown_from(text, at)
        if text.startswith(character, at):
            yield at, index
            at += 1


def _paragraph_of(element: Element) -> Element | None:
    """Return the paragraph that an element stands in, None where Word allows no comment."""
    paragraph = next((above for above in element.iterancestors("{*}p") if _is_word(above)), None)
    if paragraph is None or any(local(above) in _CLOSED for above in paragraph.iterancestors()):
        return None
    return paragraph


def _is_word(element: Element) -> bool:
    """Return whether an element is of Word's text and not of a drawing or a formula."""
    root = element.getroottree().getroot()
    return bool(etree.QName(element).namespace == etree.QName(root).namespace)


class _Marker:
    """Writes the marks of comments into the text, and divides runs for them."""

    def __init__(self, main: Element, taken: set[str]) -> None:
        self._namespace = f"{{{etree.QName(main).namespace}}}"
        name = f"{self._namespace}id"
        used = taken | {str(each.get(name)) for each in main.iter() if each.get(name) is not None}
        self.free_ids = (number for number in count() if str(number) not in used)

    def mark(self, element: Element, edge: _Edge) -> None:
        """Put the mark for an edge into the text, `edge.into` characters into `element`."""
        mark = self._new(
            "commentRangeStart" if edge.opens else "commentRangeEnd", id=str(edge.number)
        )
        self._insert(mark, element, edge)
        if edge.opens:
            return
        # The comment itself hangs on a run of its own, outside of links and insertions: it would
        # be rejected with them.
        reference = self._new("r")
        properties = etree.SubElement(reference, f"{self._namespace}rPr")
        properties.append(self._new("sz", val=_MARK_SIZE))
        reference.append(self._new("commentReference", id=str(edge.number)))
        paragraph = _paragraph_of(mark)
        while (above := mark.getparent()) is not None and above is not paragraph:
            mark = above
        mark.addnext(reference)

    def _insert(self, mark: Element, element: Element, edge: _Edge) -> None:
        node = _outermost(element)
        if node is not element.getparent() or node.tag != f"{self._namespace}r":
            # A formula, or letters with their reading above: the mark goes around all of it.
            following: list[Element] = [element] if edge.opens else []
            preceding = not edge.opens
        else:
            inside = [each for each in node if local(each) != "rPr"]
            at = inside.index(element)
            if local(element) == "t" and 0 < edge.into < len(element.text or ""):
                following = [_divided(element, edge.into), *inside[at + 1 :]]
                preceding = True
            else:
                at += edge.into > 0
                following, preceding = inside[at:], at > 0
        if not preceding:
            node.addprevious(mark)
        elif not following:
            node.addnext(mark)
        else:
            rest = etree.Element(node.tag, node.attrib, node.nsmap)
            rest.extend(deepcopy(each) for each in node if local(each) == "rPr")
            for change in rest.iter("{*}rPrChange"):
                change.set(f"{self._namespace}id", str(next(self.free_ids)))
            rest.extend(following)
            node.addnext(rest)
            rest.addprevious(mark)

    def _new(self, name: str, **attributes: str) -> Element:
        values = {f"{self._namespace}{key}": value for key, value in attributes.items()}
        return etree.Element(f"{self._namespace}{name}", values)


def _outermost(element: Element) -> Element:
    """Return what holds an element and may have the end of a range beside it."""
    paragraph = _paragraph_of(element)
    node = element
    for above in element.iterancestors():
        if above is paragraph:
            break
        is_open = _is_word(above) and local(above) in _HOLDERS
        # What stands in a control bound to data is written anew by Word.
        if not is_open or child(above, "sdtPr", "dataBinding") is not None:
            node = above
    return node


def _divided(element: Element, index: int) -> Element:
    """Cut the text of an element; return a new one behind it with what comes from `index`."""
    text = element.text or ""
    rest = deepcopy(element)
    element.text, rest.text = text[:index], text[index:]
    for half in (element, rest):
        if half.text != (half.text or "").strip():
            half.set(_SPACE, "preserve")
    element.addnext(rest)
    return rest


class _Parts:
    """The parts of the file that are written anew."""

    def __init__(self, package: WordPackage, archive: Archive) -> None:
        self._package = package
        self._written: dict[str, Element] = {package.name: package.main}
        namespace = etree.QName(package.main).namespace or ""
        self._namespace = f"{{{namespace}}}"
        known = package.names.get("comments", "")
        comments = package.part("comments")
        if comments is None:
            folder = posixpath.dirname(package.name)
            names = (posixpath.join(folder, f"comments{at or ''}.xml") for at in count())
            known = known or next(name for name in names if name not in archive)
            comments = etree.Element(f"{self._namespace}comments", nsmap={"w": namespace})
            self._name_comments(known, archive)
        self._comments = self._written[known] = comments
        self.comment_ids = {attribute(each, "id") for each in comments}

    def add(self, number: int, text: str, *, author: str, initials: str) -> None:
        """Add a comment, whose lines become paragraphs."""
        w = self._namespace
        comment = etree.SubElement(self._comments, f"{w}comment")
        comment.set(f"{w}id", str(number))
        comment.set(f"{w}author", author)
        comment.set(f"{w}date", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
        comment.set(f"{w}initials", initials)
        for line in text.split("\n"):
            paragraph = etree.SubElement(comment, f"{w}p")
            # Not as the book's paragraphs are set, with two lines' room between lines.
            properties = etree.SubElement(paragraph, f"{w}pPr")
            for element, values in _PLAIN.items():
                set_as = etree.SubElement(properties, f"{w}{element}")
                for key, value in values.items():
                    set_as.set(f"{w}{key}", value)
            if runs_left(line):
                properties.insert(0, etree.Element(f"{w}bidi"))
            for piece, is_left in pieces(line):
                run = etree.SubElement(paragraph, f"{w}r")
                if is_left:
                    etree.SubElement(etree.SubElement(run, f"{w}rPr"), f"{w}rtl")
                written = etree.SubElement(run, f"{w}t")
                written.set(_SPACE, "preserve")
                written.text = piece

    def written(self) -> dict[str, bytes]:
        """Return the parts, by their names."""
        return {
            name: etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
            for name, root in self._written.items()
        }

    def _name_comments(self, name: str, archive: Archive) -> None:
        """Enter a new part for comments into the lists of parts and of their types."""
        types = archive.xml(_TYPES, what="the list of types of the Word file")
        if types is None:
            raise DamagedFile("This Word file is not complete: its list of types is missing.")
        if not any(attribute(each, "PartName") == f"/{name}" for each in types):
            override = etree.SubElement(types, _sibling(types, "Override"))
            override.set("PartName", f"/{name}")
            override.set("ContentType", _COMMENTS_TYPE)
            self._written[_TYPES] = types
        if "comments" in self._package.names:
            return
        relations = self._package.relations(self._package.name)
        if relations is None:
            relations = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        used = {attribute(each, "Id") for each in relations}
        relation = etree.SubElement(relations, _sibling(relations, "Relationship"))
        relation.set("Id", next(each for at in count(1) if (each := f"rId{at}") not in used))
        relation.set("Type", f"{self._kinds()}/comments")
        relation.set("Target", posixpath.basename(name))
        self._written[relations_name(self._package.name)] = relations

    def _kinds(self) -> str:
        """Return what the kinds of relations begin with in this file."""
        for relation in children(self._package.relations("")):
            start, _, kind = attribute(relation, "Type").rpartition("/")
            if kind == "officeDocument":
                return start
        return _KINDS


def _sibling(root: Element, name: str) -> str:
    """Return a name in the namespace of `root`."""
    namespace = etree.QName(root).namespace
    return f"{{{namespace}}}{name}" if namespace else name

"""What the styles of an OpenDocument text say of its paragraphs.

Named styles (`styles.xml`) and those that the program made up for a paragraph (`content.xml`)
form one chain: "P12" goes back to "Heading_20_1". Hidden text and page breaks are properties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from components.manuscripts.formats.safe_xml import attribute, child, local, whole_number
from components.manuscripts.formats.style_names import meaning

if TYPE_CHECKING:
    from components.manuscripts.formats.safe_xml import Element

_MAX_CHAIN = 32
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
_ESCAPED = re.compile(r"_([0-9a-f]{2,4})_")


@dataclass(frozen=True, slots=True)
class Style:
    """A style as far as it matters here; `rule` is a line under or over a paragraph.

    `centred`, `bold` and `size` (as written) are how it sets a paragraph, or letters in one.
    """

    level: int = 0
    role: Literal["", "title", "contents"] = ""
    hidden: bool = False
    new_page: bool = False
    rule: bool = False
    centred: bool = False
    bold: bool = False
    size: str = ""


class Styles:
    """The styles of one file, by their names."""

    def __init__(self, *roots: Element | None) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        #: What the file's text is written in, unless told otherwise.
        self.language = ""
        for root in roots:
            for one in () if root is None else root.iter("{*}style", "{*}default-style"):
                family = attribute(one, "family")
                if local(one) == "style":
                    self._elements.setdefault((family, attribute(one, "name")), one)
                elif family == "paragraph":
                    self._read_language(child(one, "text-properties"))

    def style(self, name: str, *, family: str = "paragraph") -> Style:
        """Return the style of that name, with what it inherits."""
        key = (family, name)
        known = self._known.get(key)
        if known is None:
            chain: list[tuple[str, str]] = []
            while key[1] and key not in chain and len(chain) < _MAX_CHAIN:
                chain.append(key)
                element = self._elements.get(key)
                key = (family, "" if element is None else attribute(element, "parent-style-name"))
            known = Style()
            for one in reversed(chain):
                known = self._over(known, one)
            self._known[family, name] = known
        return known

    def _over(self, base: Style, key: tuple[str, str]) -> Style:
        element = self._elements.get(key)
        names = [_ESCAPED.sub(lambda match: chr(int(match[1], 16)), key[1])]
        level, role = base.level, base.role
        if element is not None:
            names.append(attribute(element, "display-name"))
            outline = attribute(element, "default-outline-level")
            level = (
                whole_number(outline) or 0 if "default-outline-level" in _keys(element) else level
            )
        for name in names:
            said, depth = meaning(name)
            if said in ("contents", "title"):
                role = said
            elif said:
                level = level or depth
        paragraph = child(element, "paragraph-properties")
        text = child(element, "text-properties")
        display = "" if text is None else attribute(text, "display")
        weight = "" if text is None else attribute(text, "font-weight")
        align = "" if paragraph is None else attribute(paragraph, "text-align")
        return replace(
            base,
            level=level,
            role=role,
            hidden=display == "none" if display else base.hidden,
            new_page=base.new_page or _breaks(element, paragraph),
            rule=base.rule or _is_ruled(paragraph),
            centred=align == "center" if align else base.centred,
            bold=weight in _BOLD if weight else base.bold,
            size=("" if text is None else attribute(text, "font-size")) or base.size,
        )

    def _read_language(self, properties: Element | None) -> None:
        if properties is None or self.language:
            return
        language, country = attribute(properties, "language"), attribute(properties, "country")
        if language not in ("", "none"):
            self.language = language if country in ("", "none") else f"{language}-{country}"


def _keys(element: Element) -> set[str]:
    return {str(key).rpartition("}")[2] for key in element.attrib}


def _breaks(element: Element | None, paragraph: Element | None) -> bool:
    """Return whether a paragraph begins a page: by a break before it, or by a page style."""
    if element is not None and attribute(element, "master-page-name"):
        return True
    return paragraph is not None and attribute(paragraph, "break-before") == "page"


def _is_ruled(paragraph: Element | None) -> bool:
    if paragraph is None:
        return False
    return any(
        attribute(paragraph, key) not in ("", "none")
        for key in ("border-bottom", "border-top", "border")
    )

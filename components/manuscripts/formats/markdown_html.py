"""HTML in a Markdown file, as the marks of Markdown that say the same."""

import html
import re

from components.languages import count_words

#: What does not show, as far as it closes within so many characters.
_HIDDEN = re.compile(
    r"<!--[\s\S]{0,20000}?-->|<(?P<name>script|style)\b[^<>]*>[\s\S]{0,20000}?</(?P=name)\s*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCKS = (
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|figure|figcaption|footer|header"
    "|li|main|nav|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|b|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike"
    "|strong|sub|sup|time|tt|u|var|wbr"
)
_HEADING = re.compile(r"(<h[1-6]\b[^<>]*>)(.{0,1000}?)(</h[1-6]\s*>)", re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    rf"<(?P<close>/?)(?:(?P<heading>h[1-6])|(?P<rule>hr)|(?P<line>br)|(?P<block>{_BLOCKS})"
    rf"|(?P<inline>{_INLINE}))(?:\s[^<>]{{0,2000}})?\s*/?>",
    re.IGNORECASE,
)


def without_html(text: str) -> tuple[str, int]:
    """Return `text` with headings, rules and line ends in Markdown and no other tags.

    The number is of words in comments, which are left out.
    """
    hidden = 0
    if "<" in text:
        hidden = sum(count_words(comment[0][4:-3]) for comment in _HIDDEN.finditer(text))
        text = _TAG.sub(_mark, _HEADING.sub(_on_one_line, _HIDDEN.sub("", text)))
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text), hidden


def _on_one_line(heading: re.Match[str]) -> str:
    """Return a heading of HTML, which may go over several lines, on the one that Markdown has."""
    return heading[1] + " ".join(_LINE_END.sub(" ", heading[2]).split()) + heading[3]


def _mark(tag: re.Match[str]) -> str:
    if tag["heading"]:
        return "\n\n" if tag["close"] else f"\n\n{'#' * int(tag['heading'][1])} "
    if tag["rule"]:
        return "\n\n***\n\n"
    if tag["line"]:
        return "\\\n"
    return "\n\n" if tag["block"] else ""

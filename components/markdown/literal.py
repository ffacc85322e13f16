"""Text of somebody else's as Markdown that shows it and means nothing, in any viewer."""

import re

_SIGNS = re.compile(r"[\\`*_\[\]>|~]|&(?=#?[0-9A-Za-z]{1,40};)")
#: What other viewers make links of by themselves.
_ADDRESS = re.compile(r"(?i)\b(?:(?:https?|ftp)(?=://)|mailto(?=:)|www(?=\.))")
_AT = re.compile(r"(?<=\w)@(?=\w)")
#: What begins a block where it begins a line.
_BEGINS = re.compile(r"[#+=-]|[0-9]{1,9}(?=[.)](?:\s|$))")

#: Characters that no file can hold, and those that would turn the direction of the text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e]"
)


def literal(text: str) -> str:
    """Return text as one line that begins no block."""
    return literal_line(escaped(" ".join(text.split())))


def escaped(text: str) -> str:
    """Return text with every sign escaped that means something within a line."""
    text = _SIGNS.sub(r"\\\g<0>", text).replace("<", "&lt;")
    return _AT.sub(r"\\@", _ADDRESS.sub(r"\g<0>\\", text))


def literal_line(text: str) -> str:
    """Return an escaped line of a paragraph so that it begins no block."""
    line = text.strip()
    begins = _BEGINS.match(line)
    if begins is None:
        return line
    sign, rest = begins[0], line[begins.end() :]
    return f"{sign}\\{rest}" if sign.isdigit() else f"\\{sign}{rest}"


def printable(text: str) -> str:
    """Return `text` with U+FFFD in place of each character that cannot be shown."""
    return _UNPRINTABLE.sub("\ufffd", text)

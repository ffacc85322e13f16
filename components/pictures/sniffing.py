"""Which kind of picture it is, by its first bytes; the name says nothing."""

from __future__ import annotations

import re

from components.errors import NotAPicture

#: First bytes of the kinds that are taken, with the only decoder that then sees the file. Few kinds
#: and one decoder: Pillow knows forty, and each is a way in for a hostile file.
_TAKEN: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
)

#: What editors also have, by the name under which they know it.
_KNOWN: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"....ftyp(heic|heix|hevc|heim|mif1|msf1)", re.DOTALL), "an HEIC photo"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "an AVIF picture"),
    (re.compile(rb"II\*\0|MM\0\*"), "a TIFF or a camera’s raw file"),
    (re.compile(rb"BM"), "a BMP picture"),
    (re.compile(rb"8BPS"), "a Photoshop file"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\s*(<\?xml|<svg|<!DOCTYPE svg)"), "a drawing (SVG or other XML)"),
    (re.compile(rb"PK\x03\x04"), "a document or an archive"),
)


def sniff(data: bytes) -> str:
    """Return Pillow's name of the kind of picture that `data` begins as. Raises: NotAPicture."""
    if not data:
        raise NotAPicture("The file is empty.")
    for first, kind in _TAKEN:
        if first.match(data):
            return kind
    for first, known in _KNOWN:
        if first.match(data[:256]):
            raise NotAPicture(f"This is {known}; only JPEG, PNG, WebP and GIF can be looked at.")
    raise NotAPicture("This is no picture that can be looked at: no JPEG, PNG, WebP or GIF.")

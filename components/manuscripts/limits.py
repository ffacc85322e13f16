"""How much a file may ask of this computer before it is refused.

A manuscript is small and quick to read; a file that is not was made wrongly, or made to do harm.
Each limit is far above any book and far below what hurts, and says why.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that reading one file may take."""

    #: Bytes. A novel's text is 0.2 to 4 MB; an illustrated PDF of one reaches tens of MB.
    file_bytes: int = 64 * 1024 * 1024

    #: Characters of text. The longest novels published have 10 to 13 million.
    characters: int = 20_000_000

    #: Pages of a PDF. The thickest typescripts have some 3,000.
    pages: int = 5_000

    #: Parts of a Word, EPUB or OpenDocument file. The corpus has up to 66, an illustrated book some
    #: hundreds; 60,003 is a file made to do harm.
    archive_entries: int = 10_000

    #: Bytes of one such part, unpacked. Word files of the corpus take 7 bytes a word. With a run,
    #: font, size and language of its own every word takes 170, which leaves 295,000 words.
    part_bytes: int = 48 * 1024 * 1024

    #: Bytes of all such parts that are read, unpacked; pictures and fonts never are.
    archive_bytes: int = 96 * 1024 * 1024

    #: Headings. War and Peace has 361, the King James Bible 1,189, a novel that appears on the web
    #: day by day some 3,000 and the longest of them twice that; beyond, it is not chapters.
    chapters: int = 10_000

    #: Seconds, of waiting and of processor time. pypdf reads 168 to 255 pages a second, so that
    #: `pages` pages take half of this on a good computer.
    seconds: float = 60.0

    #: Bytes of address space for the reading process. 70 MB of PDF drawing operators, a made-up
    #: worst case, take 345 MB.
    memory_bytes: int = 1024 * 1024 * 1024

    #: Seconds for Tesseract on one scanned page, on top of `seconds`. A page of a novel at 300
    #: dots an inch takes 2 to 5.
    ocr_page_seconds: float = 60.0


DEFAULT_LIMITS = Limits()

"""Which reader reads what: one function for files of every format.

Each reader is imported when it is needed: the others' libraries would only cost time.
"""

from collections.abc import Callable

from components.manuscripts.document import Document
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Source


def read_document(
    data: bytes,
    *,
    source: Source,
    password: str | None = None,
    limits: Limits,
    ocr: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Return what a file of the format `source` holds; `ocr` and `on_progress` are for PDFs.

    Raises: ManuscriptError, as one of its classes.
    """
    match source:
        case "txt" | "md":
            from components.manuscripts.formats.markdown import read_text

            return read_text(data, markdown=source == "md", limits=limits)
        case "pdf":
            from components.manuscripts.formats.pdf.reader import read_pdf

            return read_pdf(
                data, password=password, limits=limits, on_progress=on_progress, recognize=ocr
            )
        case "docx":
            from components.manuscripts.formats.docx.reader import read_docx

            return read_docx(data, password=password, limits=limits)
        case "epub":
            from components.manuscripts.formats.epub.reader import read_epub

            return read_epub(data, limits=limits)
        case "odt":
            from components.manuscripts.formats.odt import read_odt

            return read_odt(data, limits=limits)
        case "rtf":
            from components.manuscripts.formats.rtf import read_rtf

            return read_rtf(data, limits=limits)

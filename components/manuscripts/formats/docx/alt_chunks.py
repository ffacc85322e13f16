"""Parts of a Word file in other formats (`altChunk`), which Word shows as if they were its text.

Programs that put Word files together from others' text write them: HTML, whole Word files, RTF.
"""

from email import message_from_bytes, policy

from components.manuscripts.document import Document
from components.manuscripts.formats.block_builder import BlockBuilder
from components.manuscripts.formats.epub.pages import PageReader
from components.manuscripts.formats.markdown import read_text
from components.manuscripts.formats.rtf import read_rtf
from components.manuscripts.formats.safe_xml import parse_page
from components.manuscripts.formats.sniffing import sniff
from components.manuscripts.limits import Limits

#: How a web page in one file with its pictures begins (.mht).
_MIME = (b"mime-version:", b"from:", b"message-id:")


def read_chunk(data: bytes, *, limits: Limits) -> Document | None:
    """Return what a part holds, None for a Word file, which is read as the one around it.

    Raises: ManuscriptError.
    """
    if data[:64].lstrip().lower().startswith(_MIME):
        part = message_from_bytes(data, policy=policy.default).get_body(("html", "plain"))
        data = b"" if part is None else part.get_content().encode()
    if data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        blocks = BlockBuilder(limits=limits)
        page = parse_page(data, what="a web page in the Word file")
        PageReader(blocks, {"": page}, (), kinds={}, title="").read("", is_navigation=False)
        return blocks.document("docx", warnings=blocks.left_out())
    match sniff(data, name=""):
        case "rtf":
            return read_rtf(data, limits=limits)
        case "txt":
            return read_text(data, markdown=False, limits=limits)
        case _:
            return None

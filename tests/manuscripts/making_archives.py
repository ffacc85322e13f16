"""Word, EPUB and OpenDocument files made by hand: each test shows the markup it is about."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MORE = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of these parts, in this order; `mimetype` is stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, part in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            zipped.writestr(name, part, how)
    return out.getvalue()


def p(text: str = "", style: str = "", *, properties: str = "") -> str:
    """A paragraph of Word's; `text` may be markup, words are put into a run."""
    inside = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of Word's."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def style(style_id: str, name: str, inside: str = "", *, kind: str = "paragraph") -> str:
    """A style of Word's."""
    named = f'<w:name w:val="{name}"/>'
    return f'<w:style w:type="{kind}" w:styleId="{style_id}">{named}{inside}</w:style>'


def docx(body: str, *, core: str = "", **parts: str) -> bytes:
    """A Word file; `parts` are what is inside styles, numbering, footnotes, endnotes."""
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{KIND}/{kind}" Target="{kind}.xml"/>' for kind in parts
    )
    roots = {"footnotes": "footnotes", "endnotes": "endnotes"}
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="{KIND}'
        '/officeDocument" Target="word/document.xml"/><Relationship Id="b" Type="http://schemas.'
        "openxmlformats.org/package/2006/relationships/metadata/core-properties"
        '" Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": '<cp xmlns:dc="http://purl.org/dc/elements/1.1/">' + core + "</cp>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}'
        f'<Relationship Id="x" Type="{KIND}/attachedTemplate" Target="http://127.0.0.1:9/t.dotx"'
        ' TargetMode="External"/></Relationships>',
        "word/document.xml": f"<w:document {W}{MORE}><w:body>{body}</w:body></w:document>",
    }
    for kind, inside in parts.items():
        root = roots.get(kind, kind)
        files[f"word/{kind}.xml"] = f"<w:{root} {W}>{inside}</w:{root}>"
    return archive(files)


def page(body: str, *, head: str = "<title>x</title>") -> str:
    """A page of an EPUB."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head>{head}</head><body>{body}</body></html>"
    )


def epub(
    pages: dict[str, str],
    *,
    nav: str = "",
    ncx: str = "",
    metadata: str = "",
    guide: str = "",
    apart: tuple[str, ...] = (),
    more: dict[str, str | bytes] | None = None,
) -> bytes:
    """An EPUB of these pages; `nav` is an `<ol>`, `ncx` nav points, `apart` names of pages."""
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(pages)
    )
    linear = dict.fromkeys(apart, ' linear="no"')
    spine = "".join(
        f'<itemref idref="i{at}"{linear.get(name, "")}/>' for at, name in enumerate(pages)
    )
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/'
        'oebps-package+xml"/></rootfiles></container>',
    }
    if nav:
        items += '<item id="nav" properties="nav" href="nav.xhtml" media-type="text/html"/>'
        files["OEBPS/nav.xhtml"] = page(f'<nav epub:type="toc">{nav}</nav>')
    if ncx:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        files["OEBPS/toc.ncx"] = (
            '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx-2005-1.dtd">'
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
        )
    files["OEBPS/content.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
        f'<manifest>{items}</manifest><spine toc="ncx">{spine}</spine><guide>{guide}</guide>'
        "</package>"
    )
    for name, text in pages.items():
        files[f"OEBPS/{name}"] = text
    return archive(files | (more or {}))


ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = (
    f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:style="{ODF}:style:1.0"'
    f' xmlns:table="{ODF}:table:1.0" xmlns:draw="{ODF}:drawing:1.0" xmlns:meta="{ODF}:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:svg="urn:svg"'
    f' xmlns:fo="{ODF}:xsl-fo-compatible:1.0"'
)


def odt(
    text: str, *, automatic: str = "", styles: str = "", meta: str = "", manifest: str = ""
) -> bytes:
    """An OpenDocument text."""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{text}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}><office:styles>{styles}"
            "</office:styles></office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMES}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{ODF}:manifest:1.0">{manifest}'
            "</m:manifest>",
        }
    )

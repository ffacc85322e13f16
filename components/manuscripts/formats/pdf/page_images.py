"""The picture of a scanned page, taken out of a PDF for text recognition.

A scan is one picture, or a few strips, that fill the page. The largest are taken, in the order in
which the page shows them, one above the other. A picture is measured by what the file declares
before it is decoded, and again after.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from components.manuscripts.formats.pdf.ocr import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image
    from pypdf import PageObject, PdfReader

#: Pixels. A page of A4 at 600 dots an inch has 35 million.
_PIXELS = 60_000_000
#: Share of the largest picture's pixels below which another is an ornament.
_PART = 0.1
#: Pictures of a page that are put together.
_STRIPS = 40


def pictures(reader: PdfReader, numbers: Sequence[int], failed: list[int]) -> Iterator[PageImage]:
    """Yield the pictures of the pages `numbers` (from 0); `failed` gets those without one."""
    for number in numbers:
        picture = _picture(reader.pages[number], number)
        if picture is None:
            failed.append(number)
        else:
            yield picture


def _picture(page: PageObject, number: int) -> PageImage | None:
    try:
        image = _image(page)
        if image is None:
            return None
        turned = int(page.get("/Rotate", 0)) % 360
        if turned:
            image = image.rotate(-turned, expand=True)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=1)
        across = float(page.mediabox.height if turned in (90, 270) else page.mediabox.width)
        points = (across, across * image.height / image.width)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf and Pillow raise anything; the page is named
        return None
    return PageImage(number, out.getvalue(), image.size, points)


def _image(page: PageObject) -> Image.Image | None:
    """Return what a page shows as one grey picture.

    Raises: what pypdf and Pillow raise.
    """
    sizes = {}
    for name in page.images.keys()[:_STRIPS]:
        pixels = _declared(page, name)
        if 0 < pixels <= _PIXELS:
            sizes[_key(name)] = (pixels, name)
    if not sizes:
        return None
    largest = max(pixels for pixels, _ in sizes.values())
    strips = []
    for pixels, name in sizes.values():
        if pixels >= _PART * largest:
            decoded = page.images[name].image
            if decoded is not None and decoded.width * decoded.height <= _PIXELS:
                strips.append(decoded.convert("L"))
    if len(strips) < 2:
        return strips[0] if strips else None
    from PIL import Image

    whole = Image.new(
        "L", (max(strip.width for strip in strips), sum(strip.height for strip in strips)), 255
    )
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def _key(name: Any) -> str:
    return "/".join(name) if isinstance(name, list) else str(name)


def _declared(page: PageObject, name: Any) -> int:
    """Return how many pixels the file says that a picture has; 0 where it says nothing."""
    found: Any = page
    for step in name if isinstance(name, list) else [name]:
        found = found["/Resources"].get_object()["/XObject"].get_object()[step].get_object()
    return int(found.get("/Width", 0)) * int(found.get("/Height", 0))

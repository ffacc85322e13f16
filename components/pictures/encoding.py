"""From the bytes of any picture to a JPEG of our own: upright, flat, small and without notes.

The pixels are painted on a new white picture and that is encoded, so that nothing of the old file
goes along: no GPS position, no camera, no colour profile, no comment in which something could be
hidden from whoever looks. One format and one path for all: a JPEG without subsampling keeps the
edges of typescript, and every model takes it.

This runs in a process of its own (`worker`); here it is only told what it may not exceed.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import ExifTags, Image

from components.errors import DamagedPicture, PictureError, PictureTooLarge, PictureTooSmall
from components.pictures.limits import PictureLimits
from components.pictures.prepared import PictureChange, Prepared
from components.pictures.sniffing import sniff

_QUALITY = 90

#: Where Pillow keeps what a file notes beside its pixels.
_NOTES = ("exif", "icc_profile", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "mp")

#: What Pillow's decoders raise for a file that is broken.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)

#: Orientations that lie on their side.
_SIDEWAYS = range(5, 9)


def encode(data: bytes, *, name: str, limits: PictureLimits) -> Prepared:
    """Return the picture in `data` as a model may get it.

    Raises: NotAPicture, DamagedPicture, PictureTooLarge, PictureTooSmall, MemoryError.
    """
    kind = sniff(data)
    with _mapped(), Image.open(io.BytesIO(data), formats=[kind]) as image:
        _check_pixels(image, limits)
        width, height = image.size
        changes = [PictureChange.FIRST_FRAME] if getattr(image, "is_animated", False) else []
        image.seek(0)
        wanted = (2 * limits.longest_side, 2 * limits.longest_side)
        image.draft(None, wanted)  # A large JPEG is then decoded at a half, a quarter, an eighth.
        image.load()
        exif = _exif(image)
        up = exif.get(ExifTags.Base.Orientation, 1) if exif else 1
        if up in _SIDEWAYS:
            width, height = height, width
        if up in range(2, 9):
            changes.append(PictureChange.TURNED)
        small, more = _pixels(image, (up, limits))
        changes += more
        if max(small.size) < max(width, height):
            changes.append(PictureChange.SMALLER)
        changes += _noted(image, exif)
    if min(small.size) < limits.shortest_side:
        raise _too_small(width, height, small.size)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return Prepared(name, out.getvalue(), *small.size, width, height, tuple(changes))


def _check_pixels(image: Image.Image, limits: PictureLimits) -> None:
    """Raise PictureTooLarge by the size that the header says."""
    width, height = image.size
    if width * height > limits.pixels:
        raise PictureTooLarge(
            f"The picture has {width:,} × {height:,} pixels, more than the"
            f" {limits.pixels / 1_000_000:,.0f} million that are decoded."
        )


def _pixels(
    image: Image.Image, how: tuple[int, PictureLimits]
) -> tuple[Image.Image, list[PictureChange]]:
    """Return the pixels on white, upright and at most so large; and what was done for that."""
    up, limits = how
    changes = []
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    if image.mode == "CMYK":
        changes.append(PictureChange.FROM_PRINT)
    has_alpha = image.has_transparency_data
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((limits.longest_side, limits.longest_side), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    if has_alpha:
        alpha = image.getchannel("A")
        flat.paste(image, mask=alpha)
        if any(alpha.histogram()[:255]):
            changes.append(PictureChange.FLATTENED)
    else:
        flat.paste(image)
    turn = _TURNS.get(up)
    return (flat.transpose(turn) if turn is not None else flat), changes


#: What makes an orientation of the EXIF standard upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits, or more, as one of 8: Pillow would cut and not scale."""
    values = np.asarray(image)
    if image.mode == "F" or int(values.max()) > 0xFFFF or int(values.min()) < 0:
        raise DamagedPicture("The greys of this picture are outside what a picture can hold.")
    return Image.fromarray((values >> 8).astype(np.uint8))


def _exif(image: Image.Image) -> Image.Exif | None:
    """Return what the camera noted; None where that is broken, and so nothing is turned by it."""
    try:
        return image.getexif()
    except (*_BROKEN, struct.error):
        return None


def _noted(image: Image.Image, exif: Image.Exif | None) -> Iterator[PictureChange]:
    """Say what of the file's notes is gone."""
    text = getattr(image, "text", None)
    if text or exif or any(image.info.get(one) for one in _NOTES):
        yield PictureChange.CLEANED
    try:
        if exif and exif.get_ifd(ExifTags.IFD.GPSInfo):
            yield PictureChange.LOCATION
    except (*_BROKEN, struct.error):
        return


def _too_small(width: int, height: int, small: tuple[int, int]) -> PictureTooSmall:
    if small == (width, height):
        return PictureTooSmall(f"The picture has only {width:,} × {height:,} pixels.")
    return PictureTooSmall(
        f"The picture has {width:,} × {height:,} pixels and is so narrow that only"
        f" {small[0]:,} × {small[1]:,} would be left of it."
    )


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn what Pillow raises into our errors; its words may quote the file and are left out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of sizes: `_check_pixels` is stricter.
            yield
    except PictureError:
        raise
    except Image.DecompressionBombError:  # Before anything is known of it.
        raise PictureTooLarge("The picture says that it is far larger than any picture.") from None
    except (*_BROKEN, struct.error):
        raise DamagedPicture("The picture is damaged, or is not all there.") from None

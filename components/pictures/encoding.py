"""From the bytes of any picture to a JPEG of our own: upright, flat, small and without notes.

The pixels are painted on a new white picture and that is encoded, so that no GPS position, color
profile or comment goes along. A JPEG without subsampling keeps the edges of typescript, and every
model takes it. The sandbox calls `answer`.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageOps

from components.errors import DamagedPicture, PictureError, PictureTooLarge, PictureTooSmall
from components.pictures.prepare import PictureChange, PictureLimits, Prepared, sniff

_QUALITY = 90

#: Where Pillow keeps what a file notes beside its pixels.
_NOTES = ("exif", "icc_profile", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "mp")

#: What Pillow's decoders raise for a file that is broken.
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error,
)  # fmt: skip

#: Orientations of the EXIF standard that are not upright, and those that lie on their side.
_TURNED, _SIDEWAYS = range(2, 9), range(5, 9)


def answer(header: dict[str, Any], data: bytes, _: object) -> tuple[dict[str, Any], bytes]:
    """Return the picture that `prepare` asks for, as what is known of it and its bytes."""
    fields = asdict(encode(data, name=header["name"], limits=PictureLimits(**header["limits"])))
    return fields, fields.pop("data")


def encode(data: bytes, *, name: str, limits: PictureLimits) -> Prepared:
    """Return the picture in `data` as a model may get it.

    Raises: NotAPicture, DamagedPicture, PictureTooLarge, PictureTooSmall, MemoryError.
    """
    kind = sniff(data)
    with _mapped(), Image.open(io.BytesIO(data), formats=[kind]) as image:
        width, height = image.size
        if width * height > limits.pixels:
            raise PictureTooLarge(
                f"The picture has {width:,} × {height:,} pixels, more than the"
                f" {limits.pixels / 1e6:,.0f} million that are decoded."
            )
        changes = [PictureChange.FIRST_FRAME] if getattr(image, "is_animated", False) else []
        image.seek(0)
        # A large JPEG is then decoded at a half, a quarter, an eighth.
        image.draft(None, (2 * limits.longest_side, 2 * limits.longest_side))
        image.load()
        exif: Image.Exif | None = None
        with suppress(*_BROKEN):  # where it is broken nothing is turned by it
            exif = image.getexif()
        orientation = exif.get(ExifTags.Base.Orientation, 1) if exif else 1
        if orientation in _SIDEWAYS:
            width, height = height, width
        changes += [PictureChange.TURNED] if orientation in _TURNED else []
        flat = _flat(image, limits, changes)
        flat.getexif()[ExifTags.Base.Orientation] = orientation
        flat = ImageOps.exif_transpose(flat)
        if max(flat.size) < max(width, height):
            changes.append(PictureChange.SMALLER)
        if getattr(image, "text", None) or exif or any(image.info.get(note) for note in _NOTES):
            changes.append(PictureChange.CLEANED)
        with suppress(*_BROKEN):
            if exif and exif.get_ifd(ExifTags.IFD.GPSInfo):
                changes.append(PictureChange.LOCATION)
    if min(flat.size) < limits.shortest_side:
        size = f"{width:,} × {height:,} pixels"
        if flat.size == (width, height):
            raise PictureTooSmall(f"The picture has only {size}.")
        raise PictureTooSmall(
            f"The picture has {size} and is so narrow that only {flat.width:,} × {flat.height:,}"
            " would be left of it."
        )
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return Prepared(name, out.getvalue(), *flat.size, width, height, tuple(changes))


def _flat(image: Image.Image, limits: PictureLimits, changes: list[PictureChange]) -> Image.Image:
    """Return the pixels on white, at most so large; add to `changes` what was done for that."""
    if image.mode.startswith("I") or image.mode == "F":
        # Gray, of 16 bits or more, which Pillow would cut to 8 and not scale.
        values = np.asarray(image)
        if image.mode == "F" or int(values.max()) > 0xFFFF or int(values.min()) < 0:
            raise DamagedPicture("The greys of this picture are outside what a picture can hold.")
        image = Image.fromarray((values >> 8).astype(np.uint8))
    if image.mode == "CMYK":
        changes.append(PictureChange.FROM_PRINT)
    has_alpha = image.has_transparency_data
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((limits.longest_side, limits.longest_side), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    alpha = image.getchannel("A") if has_alpha else None
    flat.paste(image, mask=alpha)
    if alpha is not None and any(alpha.histogram()[:255]):
        changes.append(PictureChange.FLATTENED)
    return flat


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn what Pillow raises into our errors; its words may quote the file and are left out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of sizes: `encode` is stricter.
            yield
    except PictureError:
        raise
    except Image.DecompressionBombError:  # Before anything is known of it.
        raise PictureTooLarge("The picture says that it is far larger than any picture.") from None
    except _BROKEN:
        raise DamagedPicture("The picture is damaged, or is not all there.") from None

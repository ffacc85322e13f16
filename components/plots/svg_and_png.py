"""A picture of a few shapes and words, as SVG and as PNG.

Vega needs a browser or a library of 84 MB to make a picture, so the few shapes of our plots are
drawn here, both as plain SVG and by Pillow. No font is shipped or fetched: SVG names the reader's,
PNG uses the first that this computer has.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from html import escape
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

#: Pixels of the PNG for one unit, and how much finer shapes are drawn before they are made small.
SCALE, _FINER = 2.5, 2
#: Pixels to an inch: 720 units are 160 mm wide on paper.
DPI = 720 * SCALE / (160 / 25.4)

#: The system's sans, as Pillow finds it by name: Linux, macOS, Windows; then those of East Asia,
#: India and Thailand. A line is set in the first that has its letters.
_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "Arial Unicode.ttf",
    "Helvetica.ttc",
    "segoeui.ttf",
    "arial.ttf",
    "NotoSansCJK-Regular.ttc",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "Nirmala.ttc",
    "LeelawUI.ttf",
)
_FAMILY = "system-ui, 'DejaVu Sans', 'Noto Sans', 'Segoe UI', Helvetica, Arial, sans-serif"

#: A character that no font has, drawn as a font's sign for a missing letter.
_NO_LETTER = "\U0010fffd"

#: Pillow's names for the anchors, always on the base line.
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}

#: The size at which fonts are tried for a letter.
_TRIED = 24

XY = tuple[float, float]
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

#: Draws a shape or words, enlarged by a factor.
_Draw = Callable[[ImageDraw.ImageDraw, float], None]


class Canvas:
    """A picture of `width` by `height` units; later shapes lie over earlier ones, words on top."""

    def __init__(self, width: float, height: float, ground: str, title: str) -> None:
        self.title = title
        self.height = height
        self._size = (width, height)
        self._ground = ground
        self._shapes: list[tuple[str, _Draw]] = []
        self._words: list[tuple[str, _Draw]] = []
        self._texts: list[str] = []

    def area(self, corners: Sequence[XY], fill: str) -> None:
        """Add a filled shape."""
        svg = f'<polygon points="{_points(corners)}" fill="{fill}"/>'
        self._shapes.append((svg, lambda pen, by: pen.polygon(_enlarged(corners, by), fill=fill)))

    def box(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """Add a filled rectangle."""
        self.area(((left, top), (right, top), (right, bottom), (left, bottom)), fill)

    def line(self, points: Sequence[XY], stroke: str, width: float) -> None:
        """Add a line through these points, so many units wide."""
        svg = (
            f'<polyline points="{_points(points)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{width:g}" stroke-linejoin="round"/>'
        )

        def draw(pen: ImageDraw.ImageDraw, by: float) -> None:
            pixels = max(round(width * by), 1)
            pen.line(_enlarged(points, by), fill=stroke, width=pixels, joint="curve")

        self._shapes.append((svg, draw))

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """Add a filled circle."""
        svg = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}"/>'
        self._shapes.append(
            (svg, lambda pen, by: pen.circle((x * by, y * by), radius * by, fill=fill))
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: str,
        anchor: Literal["start", "middle", "end"] = "start",
    ) -> None:
        """Add a line of text with the start, middle or end of its base line at this point."""
        valid = "".join(filter(str.isprintable, text))  # XML cannot hold the others.
        svg = (
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" fill="{fill}" '
            f'text-anchor="{anchor}">{escape(valid)}</text>'
        )

        def draw(pen: ImageDraw.ImageDraw, by: float) -> None:
            font, held = _font(text, size * by), _ANCHORS[anchor]
            pen.text((x * by, y * by), text, fill=fill, font=font, anchor=held)

        self._words.append((svg, draw))
        self._texts.append(text)

    @property
    def missing(self) -> bool:
        """Whether no font of this computer has all letters of a line of the PNG."""
        return any(_lacks(_font(text, _TRIED), letter) for text in self._texts for letter in text)

    def svg(self) -> str:
        """Return the picture as SVG, with nothing in it from elsewhere."""
        width, height = (f"{length:g}" for length in self._size)
        body = "\n".join(svg for svg, _ in (*self._shapes, *self._words))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="{_FAMILY}">\n'
            f"<title>{escape(self.title)}</title>\n"
            f'<rect width="{width}" height="{height}" fill="{self._ground}"/>\n{body}\n</svg>\n'
        )

    def png(self) -> bytes:
        """Return the picture as PNG, for print."""
        image = Image.new("RGB", self._pixels(SCALE * _FINER), self._ground)
        for _, draw in self._shapes:
            draw(ImageDraw.Draw(image), SCALE * _FINER)
        image = image.resize(self._pixels(SCALE), Image.Resampling.BOX)
        for _, draw in self._words:
            draw(ImageDraw.Draw(image), SCALE)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True, dpi=(DPI, DPI))
        return file.getvalue()

    def _pixels(self, by: float) -> tuple[int, int]:
        width, height = self._size
        return round(width * by), round(height * by)


def width_of(text: str, size: float) -> float:
    """Return how wide a text is, in units."""
    return float(_font(text, size * SCALE).getlength(text)) / SCALE


def fitted(text: str, size: float, width: float) -> str:
    """Return `text`, or as much of its beginning as fits `width`, with "…"."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid over `ground`, `share` of it (0 to 1), as a color without alpha."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(
        f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs
    )


def _points(corners: Sequence[XY]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)


def _enlarged(points: Sequence[XY], by: float) -> list[XY]:
    return [(x * by, y * by) for x, y in points]


def _font(text: str, size: float) -> _Font:
    """Return the first font that has all letters of `text`, else the first that there is."""
    faces = _faces(_TRIED)
    number = next((n for n, face in enumerate(faces) if not any(_lacks(face, x) for x in text)), 0)
    return _faces(size)[number]


@cache
def _faces(size: float) -> tuple[_Font, ...]:
    faces: list[_Font] = []
    for name in _FONTS:
        with suppress(OSError):
            faces.append(ImageFont.truetype(name, size))
    return tuple(faces) or (ImageFont.load_default(size),)


@cache
def _lacks(font: _Font, letter: str) -> bool:
    return not letter.isspace() and bytes(font.getmask(letter)) == bytes(font.getmask(_NO_LETTER))

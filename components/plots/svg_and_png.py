"""A picture as a list of shapes and words, written as SVG and as PNG.

Vega needs a browser or a library of 84 MB to become a picture, so the few shapes that our plots
have are drawn here, by Pillow and as plain SVG: both from one list, so that they say the same. No
font is shipped or fetched: SVG names the reader's, PNG uses the first that this computer has.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from html import escape

from PIL import Image, ImageDraw, ImageFont

#: Pixels of the PNG for one unit, and how much finer shapes are drawn before they are made small.
SCALE, _FINER = 2.5, 2
#: Pixels to an inch: 720 units are 160 mm wide on paper.
DPI = 720 * SCALE / (160 / 25.4)

#: The system's sans, as Pillow finds it by name: Linux, macOS, Windows.
_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "Arial Unicode.ttf",
    "Helvetica.ttc",
    "segoeui.ttf",
    "arial.ttf",
)
_FAMILY = "system-ui, 'DejaVu Sans', 'Noto Sans', 'Segoe UI', Helvetica, Arial, sans-serif"

#: What no font has, so that it is drawn as whatever a font has in place of a letter.
_NO_LETTER = "\U0010fffd"

#: Where a text is held, as Pillow says it, always on its base line.
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}

XY = tuple[float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Area:
    """A filled shape with these corners."""

    corners: tuple[XY, ...]
    fill: str


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through these points, so many units wide."""

    through: tuple[XY, ...]
    stroke: str
    width: float = 1


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    at: XY
    radius: float
    fill: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `at` is the left, middle or right end of its base line by `anchor`."""

    at: XY
    text: str
    size: float
    fill: str
    anchor: str = "start"


Shape = Area | Polyline | Dot | Words


@dataclass
class Canvas:
    """A picture of `width` by `height` units; later shapes lie over earlier ones, words on top."""

    width: float
    height: float
    ground: str
    title: str
    shapes: list[Shape] = field(default_factory=list)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """Add a filled rectangle."""
        self.shapes.append(Area(((left, top), (right, top), (right, bottom), (left, bottom)), fill))

    def add(self, *shapes: Shape) -> None:
        """Add shapes."""
        self.shapes.extend(shapes)

    @property
    def missing(self) -> bool:
        """Whether this computer's font lacks a letter of the words, in the PNG."""
        return any(
            _lacks(letter)
            for shape in self.shapes
            if isinstance(shape, Words)
            for letter in set(shape.text)
        )

    def svg(self) -> str:
        """Return the picture as SVG, with nothing in it from elsewhere."""
        width, height = f"{self.width:g}", f"{self.height:g}"
        body = "\n".join(_as_svg(one) for one in (*self._drawn(), *self._written()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="{_FAMILY}">\n'
            f"<title>{escape(self.title)}</title>\n"
            f'<rect width="{width}" height="{height}" fill="{self.ground}"/>\n{body}\n</svg>\n'
        )

    def png(self) -> bytes:
        """Return the picture as PNG, for print."""
        fine = SCALE * _FINER
        size = (round(self.width * fine), round(self.height * fine))
        image = Image.new("RGB", size, self.ground)
        pen = ImageDraw.Draw(image)
        for one in self._drawn():
            _draw(pen, one, fine)
        small = (round(self.width * SCALE), round(self.height * SCALE))
        image = image.resize(small, Image.Resampling.BOX)
        pen = ImageDraw.Draw(image)
        for said in self._written():
            place = (said.at[0] * SCALE, said.at[1] * SCALE)
            font, anchor = _font(said.size * SCALE), _ANCHORS[said.anchor]
            pen.text(place, said.text, fill=said.fill, font=font, anchor=anchor)
        written = io.BytesIO()
        image.save(written, "PNG", optimize=True, dpi=(DPI, DPI))
        return written.getvalue()

    def _drawn(self) -> list[Area | Polyline | Dot]:
        return [shape for shape in self.shapes if not isinstance(shape, Words)]

    def _written(self) -> list[Words]:
        return [shape for shape in self.shapes if isinstance(shape, Words)]


def width_of(text: str, size: float) -> float:
    """Return how wide a text is, in units."""
    return float(_font(size * SCALE).getlength(text)) / SCALE


def fitted(text: str, size: float, width: float) -> str:
    """Return `text`, or as much of its beginning as fits `width`, with "…"."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid over `ground`, `share` of it (0 to 1), as a colour without alpha."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(
        f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs
    )


def _draw(pen: ImageDraw.ImageDraw, one: Area | Polyline | Dot, scale: float) -> None:
    match one:
        case Area(corners, fill):
            pen.polygon([(x * scale, y * scale) for x, y in corners], fill=fill)
        case Polyline(through, stroke, width):
            points = [(x * scale, y * scale) for x, y in through]
            pen.line(points, fill=stroke, width=max(round(width * scale), 1), joint="curve")
        case Dot((x, y), radius, fill):
            pen.circle((x * scale, y * scale), radius * scale, fill=fill)


def _as_svg(one: Shape) -> str:
    match one:
        case Area(corners, fill):
            return f'<polygon points="{_points(corners)}" fill="{fill}"/>'
        case Polyline(through, stroke, width):
            return (
                f'<polyline points="{_points(through)}" fill="none" stroke="{stroke}" '
                f'stroke-width="{width:g}" stroke-linejoin="round"/>'
            )
        case Dot((x, y), radius, fill):
            return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}"/>'
        case Words((x, y), text, size, fill, anchor):
            return (
                f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" fill="{fill}" '
                f'text-anchor="{anchor}">{escape(_valid(text))}</text>'
            )


def _points(of: tuple[XY, ...]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in of)


def _valid(text: str) -> str:
    """Return `text` without what XML may not hold."""
    return "".join(one for one in text if one.isprintable())


@cache
def _font(size: float) -> Font:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


@cache
def _lacks(letter: str) -> bool:
    font = _font(24)
    return not letter.isspace() and bytes(font.getmask(letter)) == bytes(font.getmask(_NO_LETTER))

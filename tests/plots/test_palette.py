"""The colours can be seen on their grounds, and told apart without hue where they must be."""

from __future__ import annotations

from itertools import combinations

import pytest

from components.plots import DARK, LIGHT, Palette

#: Machado and others (2009), full deficiency, for linear RGB.
DEFICIENT = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)


def luminance(colour: str) -> float:
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """Oklab, of linear RGB."""
    r, g, b = (max(v, 0) for v in rgb)
    long = (0.4122 * r + 0.5363 * g + 0.0514 * b) ** (1 / 3)
    middle = (0.2119 * r + 0.6807 * g + 0.1074 * b) ** (1 / 3)
    short = (0.0883 * r + 0.2817 * g + 0.6300 * b) ** (1 / 3)
    return (
        0.2105 * long + 0.7936 * middle - 0.0041 * short,
        1.9780 * long - 2.4286 * middle + 0.4506 * short,
        0.0259 * long + 0.7828 * middle - 0.8087 * short,
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_stands_out_from_its_ground(palette: Palette) -> None:
    for name, colour in palette.items():
        if name not in {"paper", "ground"}:
            least = 4.5 if name in {"ink", "quiet"} else 3
            assert contrast(colour, palette["ground"]) >= least, name


def test_the_palettes_have_the_same_names() -> None:
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", DEFICIENT)
def test_what_stands_in_one_group_is_told_apart_with_every_colour_vision(
    palette: Palette, kind: str
) -> None:
    matrix = DEFICIENT[kind]
    for group in (("tension", "valence"), ("pace", "conflict"), ("dialogue", "rhythm", "words")):
        for one, other in combinations(group, 2):
            seen = [
                lab(tuple(sum(w * v for w, v in zip(row, rgb, strict=True)) for row in matrix))
                for rgb in (linear(palette[one]), linear(palette[other]))
            ]
            apart = sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5
            assert apart > 0.05, (one, other, apart)
